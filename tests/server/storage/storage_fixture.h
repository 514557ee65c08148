// An empty store in a place of its own: what every test that needs storage stands on. Which engine is said by
// the environment variable BILLING_TEST_ENGINE, "sqlite" (or nothing) or "postgresql" (ENGINES in
// shared/rooms.cmake runs a test on both), unless the test asks for one. On PostgreSQL it is a database of
// its own in the cluster of the test process; where there is no PostgreSQL the test ends as skipped. Opening
// asserts. Lives on one thread; the storage may be used from any.
#pragma once

#include "server/storage/sqlite/sqlite_storage.h"
#include "tests/support/postgres_server.h"
#include "tests/support/seeded_random.h"
#include "tests/support/temporary_directory.h"

#include <memory>
#include <thread>

namespace billing::test {

enum class Engine
{
    Sqlite,
    Postgres
};

/// What BILLING_TEST_ENGINE says; asserts that it says nothing else.
Engine testEngine();

class StorageFixture
{
public:
    enum class Writer
    {
        Thread, ///< as the server runs it
        Inline ///< SQLite's writes run on their caller's thread, so a test is one thread; PostgreSQL's always
               ///< do
    };

    explicit StorageFixture(Writer writer = Writer::Thread, Engine engine = testEngine());
    ~StorageFixture();
    StorageFixture(const StorageFixture&) = delete;
    StorageFixture& operator=(const StorageFixture&) = delete;

    Engine engine() const noexcept { return m_engine; }
    Storage& storage() const { return *m_storage; }
    /// For what only the embedded engine promises; asserts that it is the one.
    SqliteStorage& sqlite() const;
    const TemporaryDirectory& directory() const noexcept { return m_directory; }
    /// PostgreSQL's; asserts that it is the engine.
    const PostgresServer::Database& database() const { return m_database.value(); }
    /// SQLite's.
    std::filesystem::path file() const { return m_directory.file("billing.sqlite"); }

    /// Stops the writer and closes the store, as the server does at its end; storage() is gone until
    /// reopen().
    void close();
    void reopen(SqliteStorage::StartCheck check = SqliteStorage::StartCheck::Quick);

    /// Runs SQL past everything that protects the rows (triggers, foreign keys, checks, roles), as somebody
    /// with the disk or the superuser's password could. SQLite's words do on both engines: x'00', zeroblob(),
    /// randomblob(), BLOB. Asserts that it is understood and that the last statement changed something.
    void tamper(const std::string& sql) const;

private:
    void openSqlite(SqliteStorage::StartCheck check);
    void openPostgres();

    TemporaryDirectory m_directory;
    Engine m_engine;
    Writer m_writer;
    SeededRandom m_random{1};
    std::optional<PostgresServer::Database> m_database;
    std::unique_ptr<Storage> m_storage;
    std::thread m_thread;
};

/// A fresh WorkId for a test's write.
WorkId anyWork();

} // namespace billing::test
