#include "tests/server/storage/storage_fixture.h"

#include "server/storage/postgres/postgres_storage.h"
#include "tests/server/storage/tampering.h"

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace billing::test {

Engine testEngine()
{
    const char* const variable = std::getenv("BILLING_TEST_ENGINE");
    const std::string_view name = variable == nullptr ? "" : variable;
    BILLING_ASSERT(name.empty() || name == "sqlite" || name == "postgresql");
    return name == "postgresql" ? Engine::Postgres : Engine::Sqlite;
}

StorageFixture::StorageFixture(Writer writer, Engine engine)
    : m_engine(engine)
    , m_writer(writer)
{
    reopen();
}

StorageFixture::~StorageFixture()
{
    close();
}

SqliteStorage& StorageFixture::sqlite() const
{
    BILLING_ASSERT(m_engine == Engine::Sqlite);
    return static_cast<SqliteStorage&>(*m_storage);
}

void StorageFixture::close()
{
    if (m_thread.joinable()) {
        sqlite().stopWriter();
        m_thread.join();
    }
    m_storage.reset();
}

void StorageFixture::reopen(SqliteStorage::StartCheck check)
{
    BILLING_ASSERT(!m_storage);
    if (m_engine == Engine::Sqlite)
        openSqlite(check);
    else
        openPostgres();
}

void StorageFixture::openSqlite(SqliteStorage::StartCheck check)
{
    auto opened = SqliteStorage::open(file(), {Instant::fromMicros(0), check});
    if (!opened)
        std::fprintf(stderr, "%s\n", toText(opened.error()).c_str());
    m_storage = std::move(opened.value());
    if (m_writer == Writer::Inline)
        return;
    m_thread = std::thread([this] { sqlite().runWriter(); });
    while (!sqlite().hasWriter())
        std::this_thread::yield();
}

void StorageFixture::openPostgres()
{
    if (!m_database)
        m_database = sharedPostgres().newDatabase();
    const PostgresOptions options{.connection = m_database->connection,
                                  .ownerConnection = m_database->ownerConnection,
                                  .password = m_database->password,
                                  .ownerPassword = m_database->ownerPassword};
    auto opened = PostgresStorage::open(options, m_random, Instant::fromMicros(0));
    if (!opened)
        std::fprintf(stderr, "%s\n", toText(opened.error()).c_str());
    m_storage = std::move(opened.value());
}

void StorageFixture::tamper(const std::string& sql) const
{
    if (m_engine == Engine::Sqlite)
        tamperSqlite(file(), sql);
    else
        tamperPostgres(m_database->superConnection, sql);
}

WorkId anyWork()
{
    static std::atomic<int> count{0};
    return WorkId("work-" + std::to_string(++count));
}

} // namespace billing::test
