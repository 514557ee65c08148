// The real programs on a data directory of their own: billing-server is started, killed, stopped and started
// again on the same port; its commands, billing-usage and billing-audit-verify run beside it. What must work
// before a test can begin (init, minting a token, starting) asserts, with the program's words on stderr. The
// server is killed when the fixture goes. On which engine is said by BILLING_TEST_ENGINE (ENGINES in
// shared/rooms.cmake), or by the PostgreSQL the test hands in. One thread; needs a QCoreApplication
// (QTEST_GUILESS_MAIN).
#pragma once

#include "tests/scenarios/https_client.h"
#include "tests/support/postgres_server.h"
#include "tests/support/process.h"
#include "tests/support/temporary_directory.h"

#include <vector>

namespace billing::test {

struct TokenWish
{
    std::string scope = "billing:write billing:read billing:backfill";
    std::string tenant = {}; ///< empty: not bound to one
    std::string certificate = "kernel";
};

class ServerFixture
{
public:
    /// init; nothing runs yet.
    ServerFixture();
    /// The same on a new database there.
    explicit ServerFixture(PostgresServer& postgres);
    /// On that directory, e.g. on a disk of its own; init, unless it is a data directory already.
    explicit ServerFixture(std::filesystem::path dataDirectory);

    const std::filesystem::path& dataDirectory() const { return m_data; }
    /// Nothing on SQLite.
    const std::optional<PostgresServer::Database>& database() const { return m_database; }
    std::filesystem::path scratch(std::string_view name) const { return m_directory.file(name); }

    /// Starts the server and waits until it listens. The port is free at first and the same ever after.
    void start();
    /// Starts it and does not wait; true when it said within the limit that it listens.
    bool startWithin(Process::Limit limit);
    /// kill -9, and waits until it is gone.
    void kill();
    void askToStop(); ///< SIGTERM
    /// The exit code, or minus the signal.
    std::optional<int> waitForExit(Process::Limit limit = std::chrono::seconds(30));
    /// askToStop, then waitForExit.
    std::optional<int> stop();
    std::int64_t processId() const { return m_server ? m_server->processId() : 0; }
    /// What the server has said on standard error since it was started last.
    std::string errors() const;

    std::string url() const { return "https://127.0.0.1:" + std::to_string(m_port); }
    std::string token(const TokenWish& wish = {}) const;
    ClientIdentity identity(const TokenWish& wish = {}) const;
    HttpsClient client(const TokenWish& wish = {}) const { return HttpsClient(identity(wish)); }

    /// billing-server COMMAND --data-dir D ...
    Finished run(std::string_view command, std::vector<std::string> arguments = {}) const;
    /// billing-audit-verify on the database of the stopped server.
    Finished verifyAuditAlone() const;
    /// billing-usage send to this server with a token that may backfill, and these arguments behind it.
    Command sender(std::vector<std::string> arguments) const;
    /// sqlite3 on the database of the stopped server, which is SQLite's: what a hand at the disk could do.
    Finished sqlite(const std::string& statement) const;

private:
    void useDatabase(PostgresServer& postgres);

    TemporaryDirectory m_directory;
    std::filesystem::path m_data;
    std::optional<PostgresServer::Database> m_database;
    std::uint16_t m_port = 0;
    std::unique_ptr<Process> m_server;
};

/// Its words when the program did not end with that code; empty when it did. For QCOMPARE with "".
std::string complaint(const Finished& finished, int expected = 0);

} // namespace billing::test
