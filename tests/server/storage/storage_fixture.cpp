#include "tests/server/storage/storage_fixture.h"

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
    BILLING_ASSERT(!m_storage && m_engine == Engine::Sqlite);
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

void StorageFixture::tamper(const std::string& sql) const
{
    tamperSqlite(file(), sql);
}

WorkId anyWork()
{
    static std::atomic<int> count{0};
    return WorkId("work-" + std::to_string(++count));
}

} // namespace billing::test
