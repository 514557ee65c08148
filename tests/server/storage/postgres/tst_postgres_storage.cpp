// A unit of work on PostgreSQL happens once or not at all, whatever is lost on the way: deadlocks and
// serialization failures run it again, a COMMIT without an answer is read back, a server that was away is
// found again. A server of its own, which is stopped and started.
// Tests: postgres_storage.cpp transaction.cpp connection.cpp connection_pool.cpp
#include "server/storage/journal.h"
#include "tests/server/storage/postgres/commit_cutter.h"
#include "tests/server/storage/postgres/open_postgres.h"
#include "tests/support/printing.h"

#include <QTest>

#include <csignal>
#include <latch>
#include <thread>

using namespace billing;
using namespace billing::test;

namespace {

const Scope all = Scope::allTenants("test");

Result<void> ran(const Result<std::int64_t>& done)
{
    return done ? Result<void>() : done.error();
}

Result<void> fail(sql::Session& session)
{
    return ran(session.execute("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40001'; END $$", {}));
}

Result<void> addOne(sql::Session& session)
{
    return ran(session.execute("INSERT INTO thing (id) SELECT coalesce(max(id), 0) + 1 FROM thing", {}));
}

} // namespace

class TestPostgresStorage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void nobodyThereIsRefused();
    void wrongPasswordIsRefused();
    void givesUpAfterFiveRuns();
    void refusalOfTheBodyIsNotRepeated();
    void serializationFailureRunsAgain();
    void deadlockRunsAgain();
    void moneyOfOneTenantTakesTurns();
    void moneyOfAllTenantsWaitsForEach();
    void journalIsCommittedInOrder();
    void takenRowsAreSkipped();
    void commitWithoutAnswer_data();
    void commitWithoutAnswer();
    void commitLostInACrash();
    void workIdMayComeAgain();
    void connectionLostInTheBody();
    void fewConnectionsServeMany();
    void oldWorksAreForgotten();
    void readSeesOneSnapshot();
    void restart();

private:
    Result<void> write(const std::function<Result<void>(sql::Session&)>& body) const
    {
        return m_open->storage().write(all, Priority::Settle, anyWorkId(),
                                       [&](Work& work) { return body(work.session()); });
    }
    std::string count() const { return m_open->truth("SELECT count(*) FROM thing"); }

    std::unique_ptr<PostgresServer> m_server;
    std::unique_ptr<OpenPostgres> m_open;
};

void TestPostgresStorage::initTestCase()
{
    PostgresServer::skipTestIfAbsent();
    m_server = std::make_unique<PostgresServer>(
        PostgresServer::Options{.sync = PostgresServer::Sync::Off,
                                .reach = PostgresServer::Reach::SocketAndPort,
                                .settings = {{"deadlock_timeout", "50ms"}, {"wal_writer_delay", "10s"}}});
    m_open = std::make_unique<OpenPostgres>(*m_server);
    m_open->makeTable("thing", "id BIGINT PRIMARY KEY, amount BIGINT NOT NULL DEFAULT 0");
}

void TestPostgresStorage::init()
{
    postgresRows(m_open->database().superConnection, "TRUNCATE thing");
}

void TestPostgresStorage::nobodyThereIsRefused()
{
    SeededRandom random(1);
    const auto opened = PostgresStorage::open({.connection = "host=127.0.0.1 port=1 user=x dbname=x",
                                               .ownerConnection = {},
                                               .password = {},
                                               .ownerPassword = {}},
                                              random, Instant::fromMicros(0));
    QCOMPARE(opened.error().code, ErrorCode::StorageUnavailable);
}

void TestPostgresStorage::wrongPasswordIsRefused()
{
    SeededRandom random(1);
    PostgresOptions options = optionsOf(m_open->database());
    options.password += "x";
    QCOMPARE(PostgresStorage::open(options, random, Instant::fromMicros(0)).error().code,
             ErrorCode::StorageUnavailable);
}

void TestPostgresStorage::givesUpAfterFiveRuns()
{
    int runs = 0;
    const auto refused = write([&](sql::Session& session) {
        ++runs;
        const auto added = addOne(session);
        return added ? fail(session) : added;
    });
    QCOMPARE(refused.error().code, ErrorCode::StorageBusy);
    QCOMPARE(runs, 5);
    QCOMPARE(count(), std::string("0"));
}

void TestPostgresStorage::refusalOfTheBodyIsNotRepeated()
{
    int runs = 0;
    const auto refused = write([&](sql::Session& session) -> Result<void> {
        ++runs;
        BILLING_ASSERT(addOne(session));
        return Error{ErrorCode::PeriodNotOver, "period_end"};
    });
    QCOMPARE(refused.error().code, ErrorCode::PeriodNotOver);
    QCOMPARE(runs, 1);
    QCOMPARE(count(), std::string("0"));
}

void TestPostgresStorage::serializationFailureRunsAgain()
{
    int runs = 0;
    QVERIFY(write([&](sql::Session& session) {
        const auto added = addOne(session);
        return added && ++runs < 3 ? fail(session) : added;
    }));
    QCOMPARE(runs, 3);
    QCOMPARE(count(), std::string("1"));
}

void TestPostgresStorage::deadlockRunsAgain()
{
    QVERIFY(m_open->execute(all, "INSERT INTO thing (id) VALUES (1), (2)"));
    std::latch bothHoldOne(2);
    std::atomic<int> runs{0};
    std::vector<std::thread> writers;
    std::array<std::optional<Result<void>>, 2> outcomes;
    for (const std::int64_t first : {1, 2}) {
        writers.emplace_back([&, first] {
            bool isFirstRun = true;
            outcomes.at(static_cast<std::size_t>(first - 1)) = write([&](sql::Session& session) {
                ++runs;
                const char* update = "UPDATE thing SET amount = amount + 1 WHERE id = ?";
                const auto held = session.execute(update, {first});
                if (std::exchange(isFirstRun, false))
                    bothHoldOne.arrive_and_wait();
                return held ? ran(session.execute(update, {3 - first})) : ran(held);
            });
        });
    }
    for (std::thread& writer : writers)
        writer.join();
    QVERIFY(outcomes[0]->has_value() && outcomes[1]->has_value());
    QVERIFY(runs >= 3); // one of both was the victim
    QCOMPARE(m_open->truth("SELECT sum(amount) FROM thing"), std::string("4"));
}

/// Adds one to the amount as a use case would: reads it, thinks, writes it.
Result<void> readThenWrite(Work& work)
{
    const auto before = sql::queryOne(work.session(), "SELECT amount FROM thing WHERE id = 1", {},
                                      [](const sql::Row& row) { return row.integer(0); });
    return before ? ran(work.session().execute("UPDATE thing SET amount = ? WHERE id = 1", {**before + 1}))
                  : before.error();
}

void TestPostgresStorage::moneyOfOneTenantTakesTurns()
{
    QVERIFY(m_open->execute(all, "INSERT INTO thing (id) VALUES (1)"));
    std::atomic<int> refused{0};
    std::vector<std::thread> writers;
    for (int i = 0; i < 4; ++i)
        writers.emplace_back([&] {
            for (int time = 0; time < 25; ++time)
                if (!m_open->storage().write(Scope::tenant(TenantId("nova")), Priority::Money, anyWorkId(),
                                             readThenWrite))
                    ++refused;
        });
    for (std::thread& writer : writers)
        writer.join();
    QCOMPARE(refused.load(), 0);
    QCOMPARE(m_open->truth("SELECT amount FROM thing"), std::string("100"));
}

void TestPostgresStorage::moneyOfAllTenantsWaitsForEach()
{
    QVERIFY(m_open->execute(all, "INSERT INTO thing (id) VALUES (1)"));
    std::vector<std::thread> writers;
    for (const Scope& scope : {Scope::tenant(TenantId("nova")), Scope::tenant(TenantId("rio")), all})
        writers.emplace_back([&, scope] {
            for (int time = 0; time < 20; ++time)
                BILLING_ASSERT(m_open->storage().write(
                    scope, Priority::Money, anyWorkId(), [&](Work& work) -> Result<void> {
                        // Two tenants' works may overlap, with each other only.
                        return scope.kind() == Scope::Kind::AllTenants
                                   ? readThenWrite(work)
                                   : ran(work.session().execute("UPDATE thing SET amount = amount + 1", {}));
                    }));
        });
    for (std::thread& writer : writers)
        writer.join();
    QCOMPARE(m_open->truth("SELECT amount FROM thing"), std::string("60"));
}

void TestPostgresStorage::journalIsCommittedInOrder()
{
    std::atomic<int> running{4};
    std::vector<std::thread> writers;
    for (int i = 0; i < 4; ++i)
        writers.emplace_back([&] {
            for (int time = 0; time < 30; ++time) {
                const std::vector<storage::NewJournalRow> rows(3, {Instant::fromMicros(0), 1, "body"});
                const auto positions =
                    writeValue(m_open->storage(), Scope::system("test"), Priority::Accept, anyWorkId(),
                               [&](Work& work) { return storage::appendJournal(work, rows); });
                BILLING_ASSERT(positions && positions->size() == 3);
                BILLING_ASSERT(positions->back().number() == positions->front().number() + 2);
            }
            --running;
        });
    std::int64_t holes = 0;
    while (running > 0)
        holes += m_open
                     ->number(Scope::system("test"),
                              "SELECT coalesce(max(position), 0) - count(*) FROM usage_journal")
                     .value();
    for (std::thread& writer : writers)
        writer.join();
    QCOMPARE(holes, std::int64_t{0});
    QCOMPARE(m_open->truth("SELECT max(position) FROM usage_journal"), std::string("360"));
}

void TestPostgresStorage::takenRowsAreSkipped()
{
    postgresRows(m_open->database().superConnection, "TRUNCATE usage_journal RESTART IDENTITY");
    const std::vector<storage::NewJournalRow> rows(4, {Instant::fromMicros(0), 1, "body"});
    const auto take = [](Work& work, std::int64_t first, std::int64_t last) {
        std::string text;
        const auto taken = storage::takeWaiting(work, JournalPosition(first), JournalPosition(last));
        for (const JournalPosition position : taken.value())
            text += std::to_string(position.number()) + " ";
        return text;
    };
    std::string first;
    std::string second;
    const auto write = [&](const Storage::Body& body) {
        return m_open->storage().write(Scope::system("test"), Priority::Settle, anyWorkId(), body);
    };
    QVERIFY(write([&](Work& work) {
        const auto appended = storage::appendJournal(work, rows);
        return appended ? Result<void>() : appended.error();
    }));
    QVERIFY(write([&](Work& work) -> Result<void> {
        first = take(work, 1, 2);
        std::thread other([&] {
            BILLING_ASSERT(write([&](Work& others) -> Result<void> {
                second = take(others, 1, 4);
                return {};
            }));
        });
        other.join();
        return {};
    }));
    QCOMPARE(first, std::string("1 2 "));
    QCOMPARE(second, std::string("3 4 "));
}

void TestPostgresStorage::commitWithoutAnswer_data()
{
    QTest::addColumn<int>("cut");
    QTest::addColumn<int>("expectedRuns");
    QTest::newRow("it was done") << static_cast<int>(CommitCutter::Cut::Answer) << 1;
    QTest::newRow("it never arrived") << static_cast<int>(CommitCutter::Cut::Request) << 2;
}

void TestPostgresStorage::commitWithoutAnswer()
{
    QFETCH(int, cut);
    QFETCH(int, expectedRuns);
    CommitCutter cutter(m_server->port());
    SeededRandom random(7);
    PostgresOptions options = optionsOf(m_open->database());
    options.connection = "host=127.0.0.1 port=" + std::to_string(cutter.port()) +
                         " sslmode=disable gssencmode=disable dbname=" + m_open->database().name +
                         " user=" + m_open->database().app;
    const auto storage = PostgresStorage::open(options, random, Instant::fromMicros(0));
    QVERIFY(storage);
    for (int time = 1; time <= 3; ++time) {
        int runs = 0;
        cutter.cutNext(static_cast<CommitCutter::Cut>(cut));
        const auto done = (*storage)->write(all, Priority::Money, anyWorkId(), [&](Work& work) {
            ++runs;
            return addOne(work.session());
        });
        QVERIFY(done);
        QCOMPARE(cutter.cuts(), time);
        QCOMPARE(runs, expectedRuns);
        QCOMPARE(count(), std::to_string(time));
    }
}

/// A transaction id whose log never reached the disk is given out again after a crash, and first of all to
/// whoever asks what became of it.
void TestPostgresStorage::commitLostInACrash()
{
    for (int time = 1; time <= 3; ++time) {
        int runs = 0;
        QVERIFY(write([&](sql::Session& session) {
            const auto added = addOne(session);
            const auto backend = sql::queryOne(session, "SELECT pg_backend_pid()", {},
                                               [](const sql::Row& row) { return row.integer(0); });
            if (++runs == 1)
                BILLING_ASSERT(::kill(static_cast<pid_t>(**backend), SIGKILL) == 0);
            return added;
        }));
        QCOMPARE(count(), std::to_string(time));
        QCOMPARE(runs, 2);
    }
}

void TestPostgresStorage::workIdMayComeAgain()
{
    for (int time = 0; time < 2; ++time)
        QVERIFY(m_open->storage().write(all, Priority::Money, WorkId("same"),
                                        [](Work& work) { return addOne(work.session()); }));
    QCOMPARE(count(), std::string("2"));
}

void TestPostgresStorage::connectionLostInTheBody()
{
    int runs = 0;
    QVERIFY(write([&](sql::Session& session) {
        const auto added = addOne(session);
        if (++runs == 1)
            m_server->breakConnections(m_open->database());
        return added ? addOne(session) : added;
    }));
    QCOMPARE(runs, 2);
    QCOMPARE(count(), std::string("2"));
}

void TestPostgresStorage::fewConnectionsServeMany()
{
    const auto storage = m_open->another(1);
    std::atomic<int> refused{0};
    std::vector<std::thread> callers;
    for (const Priority priority :
         {Priority::Accept, Priority::Money, Priority::Settle, Priority::Maintenance})
        callers.emplace_back([&, priority] {
            for (int time = 0; time < 20; ++time) {
                if (!storage->write(all, priority, anyWorkId(),
                                    [](Work& work) { return addOne(work.session()); }))
                    ++refused;
                if (!storage->read(all, [](Work&) { return Result<void>(); }))
                    ++refused;
            }
        });
    for (std::thread& caller : callers)
        caller.join();
    QCOMPARE(refused.load(), 0);
    QCOMPARE(count(), std::string("80"));
}

void TestPostgresStorage::oldWorksAreForgotten()
{
    postgresRows(m_open->database().superConnection,
                 "UPDATE work_done SET done_at = now() - INTERVAL '2 hours'");
    for (int time = 0;
         m_open->truth("SELECT count(*) FROM work_done WHERE done_at < now() - INTERVAL '1 hour'") != "0";) {
        QVERIFY(++time < 400);
        for (int i = 0; i < 50; ++i)
            QVERIFY(write([](sql::Session&) { return Result<void>(); }));
    }
}

void TestPostgresStorage::readSeesOneSnapshot()
{
    QVERIFY(m_open->storage().read(all, [&](Work& work) -> Result<void> {
        const auto rows = [&] {
            return sql::queryOne(work.session(), "SELECT count(*) FROM thing", {},
                                 [](const sql::Row& row) { return row.integer(0); })
                ->value();
        };
        const std::int64_t before = rows();
        postgresRows(m_open->database().superConnection, "INSERT INTO thing (id) VALUES (77)");
        return rows() == before ? Result<void>() : Result<void>(ErrorCode::Internal);
    }));
}

void TestPostgresStorage::restart()
{
    QVERIFY(write(addOne));
    for (int time = 0; time < 3; ++time) {
        m_server->stopImmediately();
        QCOMPARE(write(addOne).error().code, ErrorCode::StorageUnavailable);
        QCOMPARE(m_open->number(all, "SELECT 1").error().code, ErrorCode::StorageUnavailable);
        m_server->start();
        QVERIFY(write(addOne));
    }
    QCOMPARE(count(), std::string("4"));
}

QTEST_GUILESS_MAIN(TestPostgresStorage)
#include "tst_postgres_storage.moc"
