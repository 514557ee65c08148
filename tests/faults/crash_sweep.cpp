#include "tests/faults/crash_sweep.h"

#include <QElapsedTimer>

#include <algorithm>

namespace billing::test {

namespace {

using namespace std::chrono_literals;

constexpr int killed = -9;
constexpr std::int64_t restartLimit = 5'000;
/// A run may make some more calls than the one that was counted.
constexpr int mostUncounted = 50;
/// For what goes on behind the last answer.
constexpr Process::Limit afterTheDrive{100};

} // namespace

std::string SweepReport::line(const std::string& name, const std::string& control) const
{
    return name + ": trials=" + std::to_string(trials) + " hit=" + std::to_string(hit) +
           " of points=" + std::to_string(points) + " failures=" + std::to_string(failures.size()) +
           " bound=3/" + std::to_string(std::max(hit, 1)) +
           " longest-restart-ms=" + std::to_string(longestRestart) + " control=" + control;
}

std::string text(const std::vector<std::string>& failures)
{
    std::string lines;
    for (const std::string& failure : failures)
        lines += failure + '\n';
    return lines;
}

CrashSweep::CrashSweep(ServerFixture& server)
    : m_server(server)
{
}

std::vector<CrashSweep::Point> CrashSweep::pointsOf(const CallCounts& counts)
{
    std::vector<Point> points;
    for (const auto& [call, count] : counts) {
        for (int number = 1; number <= count; ++number)
            points.push_back({call, number});
    }
    return points;
}

std::vector<CrashSweep::Point> CrashSweep::countPoints(const CrashPhase& phase, SweepReport& report)
{
    phase.prepare();
    Strace counting(m_server.processId(), {phase.calls, "", ""}, m_server.scratch("strace.log"));
    phase.drive();
    counting.detach();
    if (m_server.waitForExit(0ms))
        m_server.start(); // stopping was what it did
    std::vector<Point> points = pointsOf(counting.counts());
    report.points = static_cast<int>(points.size());
    if (const std::string wrong = phase.repeat(); !wrong.empty())
        report.failures.push_back("uncut: " + wrong);
    return points;
}

bool CrashSweep::trial(const CrashPhase& phase, const Point& point, SweepReport& report)
{
    phase.prepare();
    Strace strace(m_server.processId(), {point.call, "signal=KILL", std::to_string(point.number)},
                  m_server.scratch("strace.log"));
    const std::string name = point.call + ' ' + std::to_string(point.number);
    if (!strace.isAttached())
        report.failures.push_back(name + ": strace did not attach");
    phase.drive();
    ++report.trials;
    auto ended = m_server.waitForExit(afterTheDrive);
    if (!ended) {
        strace.detach(); // from here on nothing kills
        ended = m_server.waitForExit(10ms);
    }
    const bool isKilled = ended == killed;
    report.hit += isKilled ? 1 : 0;
    if (ended)
        restart(name, report);
    if (const std::string wrong = phase.repeat(); !wrong.empty())
        report.failures.push_back(name + ": " + wrong);
    return isKilled;
}

void CrashSweep::restart(const std::string& trial, SweepReport& report)
{
    QElapsedTimer clock;
    clock.start();
    m_server.start();
    const std::int64_t needed = clock.elapsed();
    report.longestRestart = std::max(report.longestRestart, needed);
    if (needed > restartLimit)
        report.failures.push_back(trial + ": restarted after " + std::to_string(needed) + " ms");
}

SweepReport CrashSweep::run(const CrashPhase& phase, std::uint64_t points)
{
    SweepReport report;
    const std::vector<Point> all = countPoints(phase, report);
    const std::size_t wanted = std::min<std::size_t>(all.size(), points);
    const bool isFull = wanted == all.size();
    for (std::size_t chosen = 0; chosen < wanted; ++chosen) {
        const Point& point = all[chosen * all.size() / wanted];
        trial(phase, point, report);
        const bool isLastOfItsCall = isFull && (chosen + 1 == wanted || all[chosen + 1].call != point.call);
        for (int more = 1; isLastOfItsCall && more <= mostUncounted; ++more) {
            if (!trial(phase, {point.call, point.number + more}, report))
                break;
        }
        if (isFull || chosen + 1 == wanted) {
            if (const std::string wrong = checkTheStore(); !wrong.empty())
                report.failures.push_back(point.call + ' ' + std::to_string(point.number) + ": " + wrong);
        }
    }
    return report;
}

std::string CrashSweep::checkTheStore()
{
    std::string wrong;
    if (const auto code = m_server.stop(); code != 0)
        wrong += "the server stopped with " + std::to_string(code.value_or(-1)) + '\n';
    wrong += complaint(m_server.run("check-invariants"));
    wrong += complaint(m_server.run("verify-audit"));
    const bool isSqlite = std::filesystem::exists(m_server.dataDirectory() / "billing.sqlite");
    if (isSqlite || m_server.database()) // else a test wrote the connection string itself
        wrong += complaint(m_server.verifyAuditAlone());
    m_server.start();
    return wrong;
}

} // namespace billing::test
