// PostgreSQL frozen under a running server, whole or its postmaster alone, while usage comes in: nobody waits
// for ever, the server says what is wrong and serves again by itself once PostgreSQL goes on; what was
// acknowledged is there, once. R10, see README.md.
#include "tests/support/printing.h"

#include "tests/faults/crash_sweep.h"
#include "tests/faults/killer.h"
#include "tests/faults/postgres_behind.h"
#include "tests/support/postgres_rows.h"

#include <QElapsedTimer>

using namespace billing;
using namespace billing::test;
using namespace std::chrono_literals;

namespace {

/// 5 s of silence, 3 s until it is sure that nobody is answered, and what a busy machine adds.
constexpr int refusedMilliseconds = 15'000;
/// The new connections are made at once; the watch looks every 2 s.
constexpr auto resumeLimit = 10s;

} // namespace

class TestPostgresFrozen : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanup();
    void frozenIsToldInTime();
    void frozenWhileUsageComesIn();
    void frozenPostmasterAlone();
    void readOnlyIsToldAndPasses();
    void theCheckSeesALoss();
    void theBooksHold();

private:
    std::optional<PostgresServer> m_postgres;
    std::unique_ptr<PostgresBehind> m_behind;
};

void TestPostgresFrozen::initTestCase()
{
    if (const auto why = PostgresServer::absence())
        QSKIP(why->c_str());
    m_postgres.emplace(PostgresServer::Options{.sync = PostgresServer::Sync::Off});
    m_behind = std::make_unique<PostgresBehind>(*m_postgres);
}

void TestPostgresFrozen::cleanup()
{
    if (m_postgres && m_postgres->running())
        m_postgres->resume();
}

void TestPostgresFrozen::frozenIsToldInTime()
{
    AckLog& usage = m_behind->usage();
    usage.beginTrial();
    QCOMPARE(usage.sendSingles(1).status, 201);
    m_postgres->pause();
    QElapsedTimer time;
    time.start();
    const HttpReply refused = usage.sendSingles(1);
    const auto refusedAfter = time.elapsed();
    QCOMPARE(refused.outcome(), std::string("503 storage_unavailable"));
    QVERIFY2(refusedAfter < refusedMilliseconds, std::to_string(refusedAfter).c_str());
    QCOMPARE(m_behind->readiness(), std::string("503 storage_away"));
    time.restart();
    QCOMPARE(usage.client().get("/api/v1/invoices").status, 503);
    QVERIFY2(time.elapsed() < refusedMilliseconds, std::to_string(time.elapsed()).c_str());

    m_postgres->resume();
    time.restart();
    QCOMPARE(m_behind->recovered(resumeLimit), std::string());
    qInfo("PostgreSQL frozen: refused-after-ms=%lld back-after-ms=%lld", static_cast<long long>(refusedAfter),
          static_cast<long long>(time.elapsed()));
    QCOMPARE(usage.repeat(), std::string());
}

void TestPostgresFrozen::frozenWhileUsageComesIn()
{
    const std::uint64_t trials = trialsOr(1);
    SeededRandom random(seedOfThisRun());
    std::vector<std::string> failures;
    int refused = 0;
    for (std::uint64_t trial = 0; trial < trials; ++trial) {
        m_behind->usage().beginTrial();
        m_behind->sendInBackground(2'000);
        QTest::qWait(static_cast<int>(50 + random.below(300)));
        m_postgres->pause();
        // Every other time long enough to be given up, a COMMIT on its way among them.
        QTest::qWait(trial % 2 == 0 ? 9'000 : 2'000);
        m_postgres->resume();
        const HttpReply last = m_behind->sent();
        refused += last.status == 503 ? 1 : 0;
        if (last.status != 201 && last.status != 503)
            failures.push_back(std::to_string(trial) + ": " + last.outcome() + ' ' + last.failure);
        for (const std::string& wrong : {m_behind->recovered(resumeLimit), m_behind->usage().repeat()})
            if (!wrong.empty())
                failures.push_back(std::to_string(trial) + ": " + wrong);
    }
    qInfo("PostgreSQL frozen under load: trials=%llu refused=%d failures=%zu bound=3/%llu "
          "control=theCheckSeesALoss",
          static_cast<unsigned long long>(trials), refused, failures.size(),
          static_cast<unsigned long long>(trials));
    QCOMPARE(text(failures), std::string());
}

void TestPostgresFrozen::frozenPostmasterAlone()
{
    AckLog& usage = m_behind->usage();
    usage.beginTrial();
    QCOMPARE(usage.sendSingles(1).status, 201);
    m_postgres->pause(m_postgres->postmaster());
    QCOMPARE(usage.sendSingles(20).status, 201); // the connections there are do without it
    QCOMPARE(m_behind->readiness(), std::string("200"));
    m_postgres->resume();
    QCOMPARE(usage.repeat(), std::string());
}

void TestPostgresFrozen::readOnlyIsToldAndPasses()
{
    const PostgresServer::Database& database = *m_behind->server().database();
    AckLog& usage = m_behind->usage();
    usage.beginTrial();
    postgresRows(database.superConnection,
                 "ALTER DATABASE " + database.name + " SET default_transaction_read_only = on");
    m_postgres->breakConnections(database);
    QCOMPARE(usage.sendSingles(1).outcome(), std::string("503 storage_unavailable"));
    QCOMPARE(m_behind->readiness(), std::string("503 storage_away"));
    QCOMPARE(usage.client().get("/api/v1/invoices").status, 200);
    postgresRows(database.superConnection + " options='-c default_transaction_read_only=off'",
                 "ALTER DATABASE " + database.name + " RESET default_transaction_read_only");
    QCOMPARE(m_behind->recovered(resumeLimit), std::string());
    QCOMPARE(usage.repeat(), std::string());
}

void TestPostgresFrozen::theCheckSeesALoss()
{
    m_behind->usage().beginTrial();
    m_behind->usage().claimOneMore();
    QVERIFY(m_behind->usage().repeat().find("was acknowledged and is settled") != std::string::npos);
}

void TestPostgresFrozen::theBooksHold()
{
    QCOMPARE(CrashSweep(m_behind->server()).checkTheStore(), std::string());
    QCOMPARE(m_behind->server().stop().value_or(-1), 0);
}

QTEST_GUILESS_MAIN(TestPostgresFrozen)

#include "tst_postgres_frozen.moc"
