// PostgreSQL's own faults under a running server: one of its processes killed, upon which it resets them all,
// and a flush that fails, upon which it ends itself and recovers. What was acknowledged is there, once, and
// the server serves again by itself. R1, R3 and R10, see README.md.
#include "tests/support/printing.h"

#include "tests/faults/crash_sweep.h"
#include "tests/faults/killer.h"
#include "tests/faults/postgres_behind.h"

#include <QElapsedTimer>

#include <csignal>

using namespace billing;
using namespace billing::test;
using namespace std::chrono_literals;

namespace {

constexpr auto recoveryLimit = 20s;

} // namespace

class TestPostgresCrash : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void oneProcessKilled();
    void killedWhileFinalising();
    void flushFails();
    void theCheckSeesALoss();
    void theBooksHold();

private:
    /// After a fault, with what the background answered last.
    std::string wrongAfter(const HttpReply& last);

    std::optional<PostgresServer> m_postgres;
    std::unique_ptr<PostgresBehind> m_behind;
    qint64 m_longest = 0;
};

void TestPostgresCrash::initTestCase()
{
    if (const auto why = PostgresServer::absence())
        QSKIP(why->c_str());
    m_postgres.emplace(); // with its flushes, which one test lets fail
    m_behind = std::make_unique<PostgresBehind>(*m_postgres);
}

std::string TestPostgresCrash::wrongAfter(const HttpReply& last)
{
    if (last.status != 201 && last.status != 503)
        return last.outcome() + ' ' + last.failure;
    QElapsedTimer time;
    time.start();
    std::string wrong = m_behind->recovered(recoveryLimit);
    m_longest = std::max(m_longest, time.elapsed());
    return wrong + m_behind->usage().repeat();
}

void TestPostgresCrash::oneProcessKilled()
{
    const std::uint64_t trials = trialsOr(4);
    SeededRandom random(seedOfThisRun());
    std::vector<std::string> failures;
    int refused = 0;
    m_longest = 0;
    for (std::uint64_t trial = 0; trial < trials; ++trial) {
        m_behind->usage().beginTrial();
        m_behind->sendInBackground(60);
        QTest::qWait(static_cast<int>(random.below(200)));
        const std::vector<pid_t> backends = m_behind->backends();
        QVERIFY(!backends.empty());
        QCOMPARE(::kill(backends[random.below(backends.size())], SIGKILL), 0);
        const HttpReply last = m_behind->sent();
        refused += last.status == 503 ? 1 : 0;
        if (const std::string wrong = wrongAfter(last); !wrong.empty())
            failures.push_back(std::to_string(trial) + ": " + wrong);
    }
    QVERIFY(m_postgres->log().find("terminating any other active server processes") != std::string::npos);
    qInfo("PostgreSQL, one process killed: trials=%llu refused=%d failures=%zu bound=3/%llu "
          "longest-recovery-ms=%lld control=theCheckSeesALoss",
          static_cast<unsigned long long>(trials), refused, failures.size(),
          static_cast<unsigned long long>(trials), static_cast<long long>(m_longest));
    QCOMPARE(text(failures), std::string());
}

void TestPostgresCrash::killedWhileFinalising()
{
    const std::uint64_t trials = trialsOr(4);
    SeededRandom random(seedOfThisRun());
    std::vector<std::string> failures;
    for (std::uint64_t trial = 0; trial < trials; ++trial) {
        m_behind->usage().beginTrial();
        m_behind->invoices().newTenant();
        m_behind->invoices().askForDraft();
        const std::vector<pid_t> backends = m_behind->backends();
        std::thread finalise([&] { m_behind->invoices().askToFinalise(); });
        QTest::qWait(static_cast<int>(random.below(40)));
        QCOMPARE(::kill(backends[trial % backends.size()], SIGKILL), 0);
        finalise.join();
        const std::string late = m_behind->recovered(recoveryLimit);
        const std::string wrong = late + m_behind->invoices().repeatFinalise() + m_behind->usage().repeat();
        if (!wrong.empty())
            failures.push_back(std::to_string(trial) + ": " + wrong);
    }
    qInfo("PostgreSQL, killed while finalising: trials=%llu failures=%zu bound=3/%llu "
          "control=theCheckSeesALoss",
          static_cast<unsigned long long>(trials), failures.size(), static_cast<unsigned long long>(trials));
    QCOMPARE(text(failures), std::string());
}

void TestPostgresCrash::flushFails()
{
    if (const std::string why = whyNoInjection(); !why.empty())
        QSKIP(why.c_str());
    const std::uint64_t trials = trialsOr(2);
    std::vector<std::string> failures;
    int injected = 0;
    for (std::uint64_t trial = 0; trial < trials; ++trial) {
        m_behind->usage().beginTrial();
        QCOMPARE(m_behind->usage().sendSingles(1).status, 201);
        // Each of its processes: whichever commits next flushes the log.
        std::vector<std::unique_ptr<Strace>> straces;
        for (const pid_t backend : m_behind->backends())
            straces.push_back(std::make_unique<Strace>(
                backend, Injection{"fdatasync,fsync", "error=EIO", std::to_string(trial + 1)},
                m_behind->server().scratch("strace-" + std::to_string(backend))));
        const HttpReply last = m_behind->usage().sendSingles(50);
        for (const auto& strace : straces) {
            strace->detach();
            injected += strace->injected() > 0 ? 1 : 0;
        }
        if (const std::string wrong = wrongAfter(last); !wrong.empty())
            failures.push_back(std::to_string(trial) + ": " + wrong);
    }
    qInfo("PostgreSQL, a flush fails: trials=%llu hit=%d failures=%zu bound=3/%d control=theCheckSeesALoss",
          static_cast<unsigned long long>(trials), injected, failures.size(), std::max(injected, 1));
    QCOMPARE(text(failures), std::string());
    QVERIFY(injected > 0);
    QVERIFY(m_postgres->log().find("PANIC") != std::string::npos); // never a second try
}

void TestPostgresCrash::theCheckSeesALoss()
{
    m_behind->usage().beginTrial();
    m_behind->usage().claimOneMore();
    QVERIFY(m_behind->usage().repeat().find("was acknowledged and is settled") != std::string::npos);
    m_behind->invoices().newTenant();
    m_behind->invoices().claimDraft("inv_claimed");
    QVERIFY(m_behind->invoices().repeatDraft().find("was acknowledged") != std::string::npos);
}

void TestPostgresCrash::theBooksHold()
{
    QCOMPARE(CrashSweep(m_behind->server()).checkTheStore(), std::string());
    QCOMPARE(m_behind->server().stop().value_or(-1), 0);
}

QTEST_GUILESS_MAIN(TestPostgresCrash)

#include "tst_postgres_crash.moc"
