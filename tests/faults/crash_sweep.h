// Kills the server at the n-th call of one kind of one thread, restarts it and asks whether what was
// acknowledged is there: for every n until a run ends unkilled, or for a spread of them. One thread, the
// fixture's. How many points comes from the environment: see README.md.
#pragma once

#include "tests/faults/strace.h"
#include "tests/scenarios/server_fixture.h"

#include <functional>

namespace billing::test {

/// Something the server does, and how a client would find out what became of it.
struct CrashPhase
{
    std::string name;
    std::string calls; ///< "pwrite64,fdatasync,sendmsg"
    /// Before each trial; the server runs, and nothing is injected.
    std::function<void()> prepare;
    /// What is cut somewhere. Says when the server refused, empty when it did not or was killed.
    std::function<void()> drive;
    /// The server runs again: whatever had no answer is done again. Empty, or what is wrong.
    std::function<std::string()> repeat;
};

struct SweepReport
{
    int trials = 0;
    int hit = 0;                     ///< trials in which the server was killed
    int points = 0;                  ///< the run made so many calls that it could be killed at
    std::int64_t longestRestart = 0; ///< ms
    std::vector<std::string> failures = {};

    std::string line(const std::string& name, const std::string& control) const;
};

/// One line each, for QCOMPARE with "".
std::string text(const std::vector<std::string>& failures);

class CrashSweep
{
public:
    /// The server runs.
    explicit CrashSweep(ServerFixture& server);

    /// At most so many points, spread over all of them.
    SweepReport run(const CrashPhase& phase, std::uint64_t points);

    /// The programs that check a stopped store; the server is stopped and started again. Empty when all are
    /// content.
    std::string checkTheStore();

    struct Point
    {
        std::string call;
        int number;
    };
    /// Every call of the busiest threads, one point each.
    static std::vector<Point> pointsOf(const CallCounts& counts);
    /// The trial's name is for the report.
    void restart(const std::string& trial, SweepReport& report);

private:
    std::vector<Point> countPoints(const CrashPhase& phase, SweepReport& report);
    bool trial(const CrashPhase& phase, const Point& point, SweepReport& report);

    ServerFixture& m_server;
};

} // namespace billing::test
