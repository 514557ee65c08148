// The server killed at its n-th write, flush or send while usage comes in and is settled, and while it
// starts and stops: what was acknowledged is there, and sent again has no second effect. R1, see README.md.
#include "tests/support/printing.h"

#include "tests/faults/ack_log.h"
#include "tests/faults/crash_sweep.h"
#include "tests/faults/killer.h"

#include <QElapsedTimer>

using namespace billing;
using namespace billing::test;

namespace {

/// In a quick run: so many of the points of a phase.
constexpr std::uint64_t fewPoints = 8;
constexpr auto storeCalls = "pwrite64,fdatasync,fsync,ftruncate,sendto,sendmsg,writev";

} // namespace

class TestCrashUsage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void ingest();
    void settle();
    void theCheckSeesALoss();

private:
    void sweep(const CrashPhase& phase);

    ServerFixture m_server;
    std::optional<AckLog> m_acks;
};

void TestCrashUsage::initTestCase()
{
    if (const std::string why = whyNoInjection(); !why.empty())
        QSKIP(why.c_str());
    m_server.start();
    m_acks.emplace(m_server.identity(), "reporter");
}

void TestCrashUsage::sweep(const CrashPhase& phase)
{
    const SweepReport report = CrashSweep(m_server).run(phase, trialsOr(fewPoints));
    qInfo("%s", report.line("crash while " + phase.name, "theCheckSeesALoss").c_str());
    QVERIFY(report.hit > 0);
    QCOMPARE(text(report.failures), std::string());
}

void TestCrashUsage::ingest()
{
    sweep({"ingest", storeCalls, [this] { m_acks->beginTrial(); },
           [this] {
               if (m_acks->sendSingles(3).status == 201)
                   m_acks->sendBatch(5, AckLog::Wait::No);
           },
           [this] { return m_acks->repeat(); }});
}

void TestCrashUsage::settle()
{
    sweep({"settle", storeCalls, [this] { m_acks->beginTrial(); },
           [this] { m_acks->sendBatch(40, AckLog::Wait::Settled); }, [this] { return m_acks->repeat(); }});
}

/// A process that is killed loses nothing that it has written, however little it flushes: so the control is a
/// log of acknowledgements that claims too much, and a store from which a hand has taken what was there.
void TestCrashUsage::theCheckSeesALoss()
{
    m_acks->beginTrial();
    QCOMPARE(m_acks->sendSingles(2).status, 201);
    QCOMPARE(m_acks->repeat(), std::string());
    m_acks->claimOneMore();
    QVERIFY(m_acks->repeat().find("was acknowledged and is settled") != std::string::npos);

    m_acks->beginTrial();
    QCOMPARE(m_acks->sendBatch(3, AckLog::Wait::Settled).status, 202);
    QCOMPARE(m_server.stop().value_or(-1), 0);
    QCOMPARE(complaint(m_server.sqlite("DELETE FROM event_identity WHERE tenant_id = 'reporter'")),
             std::string());
    m_server.start();
    QVERIFY(m_acks->repeat().find("was acknowledged and is settled") != std::string::npos);
    QVERIFY(CrashSweep(m_server).checkTheStore().find("I3") != std::string::npos);
}

QTEST_GUILESS_MAIN(TestCrashUsage)

#include "tst_crash_usage.moc"
