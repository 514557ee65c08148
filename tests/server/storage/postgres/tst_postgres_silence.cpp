// A PostgreSQL that is frozen, in whole or in part, or whose answers are swallowed on the way, holds nobody:
// the caller is refused in time, the connection is thrown away, a COMMIT without an answer is read back, and
// once the server goes on, so does everything. One that may only be read says so.
// Tests: connection.cpp connection_pool.cpp countdown.cpp postgres_storage.cpp transaction.cpp
#include "server/storage/postgres/countdown.h"
#include "tests/server/storage/postgres/commit_cutter.h"
#include "tests/server/storage/postgres/open_postgres.h"
#include "tests/support/cutting_proxy.h"
#include "tests/support/printing.h"

#include <QElapsedTimer>
#include <QTest>

#include <future>
#include <latch>
#include <thread>

using namespace billing;
using namespace billing::test;
using namespace std::chrono_literals;

namespace {

const Scope all = Scope::allTenants("test");
const Scope nova = Scope::tenant(TenantId("nova"));

/// Half a second until the server is asked whether it answers anybody, 2 s for that, and what a busy machine
/// adds; of the 20 s that a statement may take nothing is waited for.
constexpr qint64 frozenServerMs = 10'000;
/// A statement of 1 s, half a second of silence, and what a busy machine adds.
constexpr qint64 frozenBackendMs = 8'000;

Result<void> ran(const Result<std::int64_t>& done)
{
    return done ? Result<void>() : done.error();
}

Result<void> addOne(Work& work)
{
    return ran(
        work.session().execute("INSERT INTO thing (id) SELECT coalesce(max(id), 0) + 1 FROM thing", {}));
}

pid_t backendOf(Work& work)
{
    return static_cast<pid_t>(
        *sql::queryOne(work.session(), "SELECT pg_backend_pid()", {}, [](const sql::Row& row) {
             return row.integer(0);
         }).value());
}

std::string refusalOf(const Result<void>& outcome)
{
    if (outcome)
        return "done";
    return std::string(outcome.error().code == ErrorCode::StorageUnavailable ? "away "
                       : outcome.error().code == ErrorCode::StorageBusy      ? "busy "
                                                                             : "other ") +
           outcome.error().subject;
}

} // namespace

class TestPostgresSilence : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void countdownRunsOut();
    void frozenServer();
    void frozenServerWhileMuchIsSent();
    void frozenPostmaster();
    void frozenBackend();
    void frozenAtCommit();
    void answerToCommitSwallowed();
    void answerToALongReadLost();
    void longReadIsWaitedFor();
    void inDoubtForTooLong();
    void statementThatTakesTooLong();
    void noConnectionBecomesFree();
    void readOnlyServer();

private:
    std::unique_ptr<PostgresStorage> another(PostgresPatience patience, std::uint16_t port = 0);
    Result<void> write(PostgresStorage& storage, const Storage::Body& body) const
    {
        return storage.write(nova, Priority::Money, anyWorkId(), body);
    }
    std::string count() const { return m_open->truth("SELECT count(*) FROM thing"); }

    std::unique_ptr<PostgresServer> m_server;
    std::unique_ptr<OpenPostgres> m_open;
    SeededRandom m_random{3};
};

void TestPostgresSilence::initTestCase()
{
    PostgresServer::skipTestIfAbsent();
    m_server = std::make_unique<PostgresServer>(PostgresServer::Options{
        .sync = PostgresServer::Sync::Off, .reach = PostgresServer::Reach::SocketAndPort});
    m_open = std::make_unique<OpenPostgres>(*m_server);
    m_open->makeTable("thing", "id BIGINT PRIMARY KEY, body TEXT");
}

void TestPostgresSilence::init()
{
    postgresRows(m_open->database().superConnection, "TRUNCATE thing");
}

void TestPostgresSilence::cleanup()
{
    m_server->resume();
}

std::unique_ptr<PostgresStorage> TestPostgresSilence::another(PostgresPatience patience, std::uint16_t port)
{
    PostgresOptions options = optionsOf(m_open->database());
    options.patience = patience;
    options.connections = 2;
    options.connection += " connect_timeout=2";
    if (port != 0)
        options.connection =
            "host=127.0.0.1 port=" + std::to_string(port) +
            " connect_timeout=2 sslmode=disable gssencmode=disable dbname=" + m_open->database().name +
            " user=" + m_open->database().app;
    return std::move(PostgresStorage::open(options, m_random, Instant::fromMicros(0)).value());
}

void TestPostgresSilence::countdownRunsOut()
{
    QVERIFY(!postgres::Countdown(1h).isOver());
    const postgres::Countdown soon(1ms);
    QTRY_VERIFY(soon.isOver());
    QVERIFY(soon.isOver());
}

void TestPostgresSilence::frozenServer()
{
    const auto opened = another({.silence = 500ms});
    PostgresStorage& storage = *opened;
    QVERIFY(write(storage, addOne)); // a connection stands idle
    m_server->pause();
    QElapsedTimer time;
    time.start();
    QCOMPARE(refusalOf(write(storage, addOne)), std::string("away silence"));
    QVERIFY2(time.elapsed() < frozenServerMs, std::to_string(time.elapsed()).c_str());
    // The idle ones were forgotten: it is a new one that is refused, and sooner.
    time.restart();
    QCOMPARE(refusalOf(storage.read(all, [](Work&) { return Result<void>(); })),
             std::string("away connection"));
    QVERIFY2(time.elapsed() < 7'000, std::to_string(time.elapsed()).c_str());
    m_server->resume();
    QVERIFY(write(storage, addOne));
    QCOMPARE(count(), std::string("2"));
}

void TestPostgresSilence::frozenServerWhileMuchIsSent()
{
    // More than any socket takes, so that it is the sending which has to wait.
    const std::string body(64 * 1024 * 1024, 'x');
    QElapsedTimer time;
    const auto refused = write(*another({.silence = 500ms}), [&](Work& work) {
        m_server->pause();
        time.start();
        return ran(work.session().execute("INSERT INTO thing (id, body) VALUES (1, ?)", {body}));
    });
    QCOMPARE(refusalOf(refused), std::string("away silence"));
    QVERIFY2(time.elapsed() < frozenServerMs, std::to_string(time.elapsed()).c_str());
    m_server->resume();
    QCOMPARE(count(), std::string("0"));
}

void TestPostgresSilence::frozenPostmaster()
{
    const auto opened = another({.silence = 500ms});
    PostgresStorage& storage = *opened;
    QVERIFY(write(storage, addOne));
    m_server->pause(m_server->postmaster());
    QVERIFY(write(storage, addOne)); // the connections there are do not need it
    QVERIFY(write(storage, [&](Work& work) -> Result<void> {
        // A second one cannot be made.
        const auto refused = std::async(std::launch::async, [&] {
                                 return storage.read(all, [](Work&) { return Result<void>(); });
                             }).get();
        return refusalOf(refused) == "away connection" ? addOne(work) : Error{ErrorCode::Internal};
    }));
    m_server->resume();
    QVERIFY(write(storage, addOne));
    QCOMPARE(count(), std::string("4"));
}

void TestPostgresSilence::frozenBackend()
{
    const auto storage = another({.statement = 1s, .silence = 500ms});
    int runs = 0;
    QElapsedTimer time;
    const auto refused = write(*storage, [&](Work& work) {
        ++runs;
        m_server->pause(backendOf(work));
        time.start();
        return addOne(work);
    });
    QCOMPARE(refusalOf(refused), std::string("away silence"));
    QVERIFY2(time.elapsed() < frozenBackendMs, std::to_string(time.elapsed()).c_str());
    QCOMPARE(runs, 1);
    QVERIFY(storage->read(all, [](Work&) { return Result<void>(); })); // the others are well
    m_server->resume();
    QVERIFY(write(*storage, addOne));
    QCOMPARE(count(), std::string("1"));
}

void TestPostgresSilence::frozenAtCommit()
{
    const auto storage = another({.statement = 1s, .silence = 500ms});
    std::thread later;
    int runs = 0;
    const auto outcome = write(*storage, [&](Work& work) {
        ++runs;
        const auto added = addOne(work);
        m_server->pause(backendOf(work));
        // Asked about its WorkId, the server cannot say before the frozen one has gone on.
        later = std::thread([&] {
            const postgres::Countdown patience(30s);
            while (!patience.isOver() &&
                   m_open->truth("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'") ==
                       "0") {
            }
            m_server->resume();
        });
        return added;
    });
    later.join();
    QCOMPARE(refusalOf(outcome), std::string("done"));
    QCOMPARE(runs, 1); // the backend found COMMIT in its socket
    QCOMPARE(count(), std::string("1"));
}

void TestPostgresSilence::answerToCommitSwallowed()
{
    CommitCutter cutter(m_server->port());
    const auto storage = another({.statement = 1s, .silence = 500ms}, cutter.port());
    cutter.cutNext(CommitCutter::Cut::Silence);
    int runs = 0;
    QVERIFY(write(*storage, [&](Work& work) {
        ++runs;
        return addOne(work);
    }));
    QCOMPARE(cutter.cuts(), 1);
    QCOMPARE(runs, 1);
    QCOMPARE(count(), std::string("1"));
}

/// Of its 10 min nothing is waited for: the server is not working on it.
void TestPostgresSilence::answerToALongReadLost()
{
    CuttingProxy proxy(m_server->port());
    const auto storage = another({.silence = 500ms}, proxy.port());
    QElapsedTimer time;
    const auto refused = storage->read(all, [&](Work& work) -> Result<void> {
        proxy.swallowAll();
        time.start();
        std::thread soon([&] {
            const postgres::Countdown untilTheNetworkIsBack(200ms);
            while (!untilTheNetworkIsBack.isOver()) {
            }
            proxy.passAll();
        });
        const auto rows =
            work.session().query("SELECT 1", {}, [](const sql::Row&) { return Result<void>(); });
        soon.join();
        return rows;
    });
    QCOMPARE(refusalOf(refused), std::string("away silence"));
    QVERIFY2(time.elapsed() < frozenBackendMs, std::to_string(time.elapsed()).c_str());
    QVERIFY(storage->read(all, [](Work&) { return Result<void>(); }));
}

void TestPostgresSilence::longReadIsWaitedFor()
{
    const auto storage = another({.silence = 200ms});
    QCOMPARE(refusalOf(storage->read(all,
                                     [](Work& work) -> Result<void> {
                                         return work.session().query(
                                             "SELECT pg_sleep(2)", {},
                                             [](const sql::Row&) { return Result<void>(); });
                                     })),
             std::string("done"));
}

void TestPostgresSilence::inDoubtForTooLong()
{
    const auto storage = another({.statement = 1s, .silence = 500ms, .doubt = 1s});
    const auto refused = write(*storage, [&](Work& work) {
        const auto added = addOne(work);
        m_server->pause(backendOf(work));
        return added;
    });
    QCOMPARE(refusalOf(refused), std::string("away commit"));
    m_server->resume();
    QTRY_COMPARE(count(), std::string("1"));
}

void TestPostgresSilence::statementThatTakesTooLong()
{
    const auto storage = another({.statement = 500ms});
    const Storage::Body slow = [](Work& work) -> Result<void> {
        return work.session().query("SELECT pg_sleep(1)", {}, [](const sql::Row&) { return Result<void>(); });
    };
    QCOMPARE(refusalOf(write(*storage, slow)), std::string("busy "));
    QCOMPARE(refusalOf(storage->read(nova, slow)), std::string("busy "));
    QCOMPARE(refusalOf(storage->read(all, slow)), std::string("done"));
    QCOMPARE(refusalOf(storage->write(nova, Priority::Maintenance, anyWorkId(), slow)), std::string("done"));
}

void TestPostgresSilence::noConnectionBecomesFree()
{
    const auto storage = another({.turn = 200ms});
    std::latch bothAreTaken(3);
    std::latch isOver(1);
    std::vector<std::thread> holders;
    for (int i = 0; i < 2; ++i)
        holders.emplace_back([&] {
            static_cast<void>(storage->read(all, [&](Work&) -> Result<void> {
                bothAreTaken.arrive_and_wait();
                isOver.wait();
                return {};
            }));
        });
    bothAreTaken.arrive_and_wait();
    const auto refused = write(*storage, addOne);
    isOver.count_down();
    for (std::thread& holder : holders)
        holder.join();
    QCOMPARE(refusalOf(refused), std::string("busy connections"));
    QVERIFY(write(*storage, addOne));
}

void TestPostgresSilence::readOnlyServer()
{
    const auto storage = another({});
    const std::string change = "ALTER DATABASE " + m_open->database().name;
    QVERIFY(write(*storage, addOne));
    postgresRows(m_open->database().superConnection, change + " SET default_transaction_read_only = on");
    m_server->breakConnections(m_open->database());
    QCOMPARE(refusalOf(write(*storage, addOne)), std::string("away "));
    QVERIFY(storage->read(nova, [](Work&) { return Result<void>(); }));
    postgresRows(m_open->database().superConnection + " options='-c default_transaction_read_only=off'",
                 change + " RESET default_transaction_read_only");
    QVERIFY(write(*storage, addOne));
    QCOMPARE(count(), std::string("2"));
}

QTEST_GUILESS_MAIN(TestPostgresSilence)

#include "tst_postgres_silence.moc"
