// The real PostgreSQL of a test: that it is one of its own, keeps what it acknowledged through a hard stop,
// and is gone with the test, however that ends. Tests: postgres_rows.cpp
#include "tests/support/postgres_rows.h"
#include "tests/support/postgres_server.h"
#include "tests/support/printing.h"
#include "tests/support/process.h"

#include <QTest>

#include <atomic>
#include <csignal>
#include <fstream>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace billing::test;
using namespace std::chrono_literals;

namespace {

std::string asOwner(const PostgresServer::Database& database)
{
    return database.ownerConnection + " password=" + connectionValue(database.ownerPassword);
}

std::string asApp(const PostgresServer::Database& database)
{
    return database.connection + " password=" + connectionValue(database.password);
}

std::string valueOf(const std::string& connection, const std::string& sql)
{
    return postgresRows(connection, sql).at(0).at(0).value_or("NULL");
}

template <class Condition>
bool becomes(Condition&& condition)
{
    const auto deadline = std::chrono::steady_clock::now() + 30s;
    while (!condition() && std::chrono::steady_clock::now() < deadline)
        std::this_thread::yield();
    return condition();
}

} // namespace

class TestPostgresServer : public QObject
{
    Q_OBJECT

private:
    /// Not the shared one, and not as it comes: to be stopped and paused.
    PostgresServer& own()
    {
        if (!m_own)
            m_own = std::make_unique<PostgresServer>(
                PostgresServer::Options{.sync = PostgresServer::Sync::Off, // a recovery with it takes seconds
                                        .reach = PostgresServer::Reach::SocketAndPort,
                                        .settings = {{"deadlock_timeout", "70ms"}}});
        return *m_own;
    }

    std::unique_ptr<PostgresServer> m_own;

private Q_SLOTS:
    void initTestCase() { PostgresServer::skipTestIfAbsent(); }
    void cleanupTestCase() { m_own.reset(); }
    void absentPasswordIsRefused();
    void databaseOfAnotherTestIsRefused();
    void appHasNoRightsOfItsOwn();
    void refusalTellsItsState();
    void settingsAreInForce();
    void textSortsByLanguageUnlessToldOtherwise();
    void keepsWhatItAcknowledgedThroughAHardStop();
    void pausedServerAnswersNobodyUntilResumed();
    void brokenConnectionsAreSeen();
    void listensOnAPortWhenAsked();
    void runsAsSomebodyElseThanRoot();
    void leavesNothingBehind();
    void leavesNothingBehindWhenItsTestIsKilled_data();
    void leavesNothingBehindWhenItsTestIsKilled();
};

void TestPostgresServer::absentPasswordIsRefused()
{
    const auto database = sharedPostgres().newDatabase();
    QCOMPARE(askPostgres(database.connection, "SELECT 1").state, "connection");
    QCOMPARE(askPostgres(database.connection + " password=wrong", "SELECT 1").state, "connection");
    QCOMPARE(valueOf(asApp(database), "SELECT current_user"), database.app);
}

void TestPostgresServer::databaseOfAnotherTestIsRefused()
{
    const auto mine = sharedPostgres().newDatabase();
    const auto other = sharedPostgres().newDatabase();
    QVERIFY(mine.name != other.name);
    const std::string crossed = asApp(mine) + " dbname=" + connectionValue(other.name);
    QCOMPARE(askPostgres(crossed, "SELECT 1").state, "connection");
}

void TestPostgresServer::appHasNoRightsOfItsOwn()
{
    const auto database = sharedPostgres().newDatabase();
    postgresRows(asOwner(database), "CREATE TABLE secret(value int)");
    QCOMPARE(askPostgres(asApp(database), "SELECT * FROM secret").state, "42501");
    QCOMPARE(askPostgres(asApp(database), "CREATE TABLE mine(value int)").state, "42501");
    QCOMPARE(askPostgres(asApp(database), "CREATE ROLE mine").state, "42501");
    QCOMPARE(askPostgres(asApp(database), "CREATE TEMP TABLE mine(value int)").state, "42501");
    QCOMPARE(askPostgres(asOwner(database), "CREATE ROLE " + database.owner + "_superuser SUPERUSER").state,
             "42501");
}

void TestPostgresServer::refusalTellsItsState()
{
    const auto answer = askPostgres(asApp(sharedPostgres().newDatabase()), "SELECT 1/0");
    QCOMPARE(answer.state, "22012");
    QVERIFY(answer.message.find("division by zero") != std::string::npos);
}

void TestPostgresServer::settingsAreInForce()
{
    const auto here = own().newDatabase().superConnection;
    const auto there = sharedPostgres().newDatabase().superConnection;
    QCOMPARE(valueOf(here, "SHOW deadlock_timeout"), "70ms");
    QCOMPARE(valueOf(there, "SHOW deadlock_timeout"), "50ms");
    QCOMPARE(valueOf(there, "SHOW fsync"), "off");
    QCOMPARE(valueOf(there, "SHOW data_checksums"), "on");
    QVERIFY(std::stoi(valueOf(there, "SHOW server_version_num")) >= 150000);
}

void TestPostgresServer::textSortsByLanguageUnlessToldOtherwise()
{
    const auto database = sharedPostgres().newDatabase();
    QCOMPARE(valueOf(asApp(database), "SELECT 'a' < 'B'"), "t");
    QCOMPARE(valueOf(asApp(database), "SELECT 'a' COLLATE \"C\" < 'B'"), "f");
}

void TestPostgresServer::keepsWhatItAcknowledgedThroughAHardStop()
{
    PostgresServer server(
        {.sync = PostgresServer::Sync::Off}); // a recovery with it takes seconds on a busy disk
    const auto database = server.newDatabase();
    postgresRows(asOwner(database), "CREATE TABLE kept AS SELECT 42 AS value");
    server.stopImmediately();
    QCOMPARE(askPostgres(asOwner(database), "SELECT value FROM kept").state, "connection");
    server.start();
    QCOMPARE(valueOf(asOwner(database), "SELECT value FROM kept"), "42");
    QVERIFY(server.log().find("was not properly shut down; automatic recovery") != std::string::npos);
    server.stop();
    server.start();
    QCOMPARE(valueOf(asOwner(database), "SELECT value FROM kept"), "42");
}

void TestPostgresServer::pausedServerAnswersNobodyUntilResumed()
{
    PostgresServer& server = own();
    const auto database = server.newDatabase();
    server.pause();
    QVERIFY(!postgresAnswers(asApp(database) + " connect_timeout=2"));
    std::atomic<bool> answered = false;
    std::thread waiting([&] {
        askPostgres(asApp(database), "SELECT 1");
        answered = true;
    });
    QVERIFY(!answered);
    server.resume();
    waiting.join();
    QCOMPARE(valueOf(asApp(database), "SELECT 1"), "1");
    server.pause();
    server.stopImmediately(); // also a paused one can be ended
    QVERIFY(!server.running());
    server.start();
}

void TestPostgresServer::brokenConnectionsAreSeen()
{
    PostgresServer& server = sharedPostgres();
    const auto database = server.newDatabase();
    PostgresAnswer answer;
    std::thread asking([&] { answer = askPostgres(asApp(database), "SELECT pg_sleep(60)"); });
    const std::string sleeping =
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = '" + database.name +
        "'";
    const bool slept = becomes([&] { return valueOf(database.superConnection, sleeping) == "1"; });
    server.breakConnections(database);
    asking.join();
    QVERIFY(slept);
    QCOMPARE(answer.state, "connection");
}

void TestPostgresServer::listensOnAPortWhenAsked()
{
    PostgresServer server({.sync = PostgresServer::Sync::Off, .reach = PostgresServer::Reach::SocketAndPort});
    const auto database = server.newDatabase();
    const std::string byPort = asApp(database) + " host=127.0.0.1 port=" + std::to_string(server.port());
    QCOMPARE(valueOf(byPort, "SELECT inet_server_port()"), std::to_string(server.port()));
}

void TestPostgresServer::runsAsSomebodyElseThanRoot()
{
    PostgresServer& server = sharedPostgres();
    std::ifstream lock(server.directory() / "data" / "postmaster.pid");
    std::string postmaster;
    QVERIFY(std::getline(lock, postmaster));
    const Finished asked = runToEnd({"stat", {"--format=%u", "/proc/" + postmaster}});
    QCOMPARE(asked.exitCode, 0);
    QVERIFY2(asked.output != "0\n", asked.output.c_str());
}

void TestPostgresServer::leavesNothingBehind()
{
    std::filesystem::path directory;
    {
        PostgresServer server;
        QCOMPARE(valueOf(server.newDatabase().superConnection, "SHOW fsync"), "on");
        directory = server.directory();
        QVERIFY(std::filesystem::exists(directory / "data"));
    }
    QVERIFY(!std::filesystem::exists(directory));
}

void TestPostgresServer::leavesNothingBehindWhenItsTestIsKilled_data()
{
    QTest::addColumn<bool>("paused");
    QTest::newRow("running") << false;
    QTest::newRow("paused") << true;
}

void TestPostgresServer::leavesNothingBehindWhenItsTestIsKilled()
{
    QFETCH(bool, paused);
    // A copy of this test makes a server, tells where, and is killed.
    int told[2];
    QVERIFY(::pipe(told) == 0);
    const pid_t copy = ::fork();
    QVERIFY(copy >= 0);
    if (copy == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        PostgresServer server({.sync = PostgresServer::Sync::Off});
        if (paused)
            server.pause();
        const std::string directory = server.directory().string() + '\n';
        if (::write(told[1], directory.data(), directory.size()) > 0)
            ::pause();
        ::_exit(1);
    }
    ::close(told[1]);
    std::string directory;
    char character = 0;
    while (::read(told[0], &character, 1) == 1 && character != '\n')
        directory += character;
    ::close(told[0]);
    QVERIFY(std::filesystem::exists(std::filesystem::path(directory) / "data" / "postmaster.pid"));
    std::ifstream lock(std::filesystem::path(directory) / "data" / "postmaster.pid");
    std::string postmaster;
    QVERIFY(std::getline(lock, postmaster));

    QVERIFY(::kill(copy, SIGKILL) == 0);
    QVERIFY(::waitpid(copy, nullptr, 0) == copy);
    QVERIFY(becomes([&] { return !std::filesystem::exists(directory); }));
    std::error_code gone; // what is left of a dead process until somebody asks for its end has no directory
    QVERIFY(std::filesystem::read_symlink("/proc/" + postmaster + "/cwd", gone).empty());
}

QTEST_GUILESS_MAIN(TestPostgresServer)
#include "tst_postgres_server.moc"
