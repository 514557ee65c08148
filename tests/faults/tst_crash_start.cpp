// The server killed at its n-th write, flush or truncation while it starts (recovering its log, bringing the
// schema and the price list up to date, appending an audit checkpoint) and while it stops (emptying its log
// into the data file): nothing acknowledged is lost, and the next start works. R1, see README.md.
#include "tests/support/printing.h"

#include "tests/faults/ack_log.h"
#include "tests/faults/crash_sweep.h"
#include "tests/faults/killer.h"
#include "tests/support/environment.h"

#include <fstream>

using namespace billing;
using namespace billing::test;
using namespace std::chrono_literals;

namespace {

constexpr std::uint64_t fewPoints = 8;
constexpr auto startCalls = "pwrite64,fdatasync,fsync,ftruncate,write,rename,unlink";
constexpr auto stopCalls = "pwrite64,fdatasync,fsync,ftruncate,unlink,sendto";
/// The clockwork writes its first checkpoint just after the server said that it listens.
constexpr Process::Limit firstCheckpoint{250};

} // namespace

class TestCrashStart : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void start();
    void stop();
    void theCheckSeesALoss();

private:
    /// The server's start under strace, which may kill it; it is gone when this returns. True when killed.
    bool startUnder(const Injection& injection);
    void leaveWorkForTheStart();
    std::filesystem::path log() const { return m_server.scratch("start.log"); }

    ServerFixture m_server;
    std::optional<AckLog> m_acks;
    int m_tenants = 0;
};

void TestCrashStart::initTestCase()
{
    if (const std::string why = whyNoInjection(); !why.empty())
        QSKIP(why.c_str());
    m_server.start();
    m_acks.emplace(m_server.identity(), "reporter");
}

bool TestCrashStart::startUnder(const Injection& injection)
{
    Process server(Strace::launching(
        {builtProgram("billing-server"),
         {"run", "--data-dir", m_server.dataDirectory().string(), "--listen", "127.0.0.1:0"}},
        injection, log()));
    auto ended =
        server.readLineWith("listening", 30s) ? server.waitForExit(firstCheckpoint) : server.waitForExit(10s);
    if (!ended) {
        server.kill();
        static_cast<void>(server.waitForExit(10s));
    }
    return ended == -9;
}

/// Usage that is acknowledged, a log that the next start has to recover, and an audit chain that has moved.
void TestCrashStart::leaveWorkForTheStart()
{
    m_acks->beginTrial();
    signUp(m_acks->client(), {.id = "client-" + std::to_string(++m_tenants)});
    m_acks->sendBatch(5, AckLog::Wait::No);
    m_server.kill();
}

void TestCrashStart::start()
{
    SweepReport report;
    CrashSweep sweep(m_server);
    leaveWorkForTheStart();
    QVERIFY(!startUnder({startCalls, "", ""}));
    const auto points = CrashSweep::pointsOf(countsOf(log()));
    report.points = static_cast<int>(points.size());
    sweep.restart("uncut", report);
    const std::size_t wanted = std::min<std::size_t>(points.size(), trialsOr(fewPoints));
    for (std::size_t chosen = 0; chosen < wanted; ++chosen) {
        const auto& point = points[chosen * points.size() / wanted];
        const std::string name = point.call + ' ' + std::to_string(point.number);
        leaveWorkForTheStart();
        report.hit += startUnder({point.call, "signal=KILL", std::to_string(point.number)}) ? 1 : 0;
        ++report.trials;
        sweep.restart(name, report);
        std::string wrong = m_acks->repeat();
        if (wrong.empty() && (wanted == points.size() || chosen + 1 == wanted))
            wrong = sweep.checkTheStore();
        if (!wrong.empty())
            report.failures.push_back(name + ": " + wrong);
    }
    qInfo("%s", report.line("crash while start", "theCheckSeesALoss").c_str());
    QVERIFY(report.hit > 0);
    QCOMPARE(text(report.failures), std::string());
}

void TestCrashStart::stop()
{
    const CrashPhase phase{"stop", stopCalls,
                           [this] {
                               m_acks->beginTrial();
                               m_acks->sendBatch(5, AckLog::Wait::No);
                           },
                           [this] {
                               m_server.askToStop();
                               static_cast<void>(m_server.waitForExit(10s));
                           },
                           [this] { return m_acks->repeat(); }};
    const SweepReport report = CrashSweep(m_server).run(phase, trialsOr(fewPoints));
    qInfo("%s", report.line("crash while stop", "theCheckSeesALoss").c_str());
    QVERIFY(report.hit > 0);
    QCOMPARE(text(report.failures), std::string());
}

/// The log that a start has to recover is thrown away: what it held was acknowledged.
void TestCrashStart::theCheckSeesALoss()
{
    leaveWorkForTheStart();
    QVERIFY(std::filesystem::remove(m_server.dataDirectory() / "billing.sqlite-wal"));
    m_server.start();
    QVERIFY(!m_acks->repeat().empty());
}

QTEST_GUILESS_MAIN(TestCrashStart)

#include "tst_crash_start.moc"
