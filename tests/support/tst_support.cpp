// What the other tests stand on: manual time, ordered tasks, chance from a seed, children and their deaths.
// Tests: dies.cpp environment.cpp free_port.cpp inline_executor.cpp manual_clock.cpp process.cpp
// seeded_random.cpp Tests: temporary_directory.cpp
#include "tests/support/dies.h"
#include "tests/support/environment.h"
#include "tests/support/free_port.h"
#include "tests/support/inline_executor.h"
#include "tests/support/process.h"
#include "tests/support/seeded_random.h"
#include "tests/support/temporary_directory.h"

#include <QTest>

#include <csignal>
#include <fstream>

using namespace billing;
using namespace billing::test;
using namespace std::chrono_literals;

namespace {

Process shell(const std::string& script)
{
    return Process({"/bin/sh", {"-c", script}});
}

} // namespace

class TestSupport : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void clockMovesOnlyWhenMoved();
    void wallClockJumpsAlone();
    void executorRunsInOrderOfDueTimeThenPosting();
    void executorRunsWhatARunningTaskPosts();
    void executorStopsTheClockAtEveryDueMoment();
    void randomRepeatsFromItsSeed();
    void secureRandomRepeatsFromItsSeed();
    void temporaryDirectoryIsUniqueAndGoesAway();
    void freePortsCanBeHad();
    void childThatIsMissing();
    void childLines();
    void childThatSaysNothing();
    void childExitCodeAndErrors();
    void childKilled();
    void childFedThroughInput();
    void childDiesWithItsObject();
    void pythonLinesOfAScript();
    void deathByAssertionIsTold();
};

void TestSupport::clockMovesOnlyWhenMoved()
{
    ManualClock clock("2026-03-01T00:00:00Z");
    QCOMPARE(clock.now().toText(), "2026-03-01T00:00:00Z");
    const MonotonicTime before = clock.monotonic();
    clock.advance(90min);
    QCOMPARE(clock.now().toText(), "2026-03-01T01:30:00Z");
    QVERIFY(clock.monotonic() - before == 90min);
}

void TestSupport::wallClockJumpsAlone()
{
    ManualClock clock("2026-03-01T00:00:00Z");
    const MonotonicTime before = clock.monotonic();
    clock.setNow(Instant::parse("2025-12-31T23:59:59Z").value());
    QCOMPARE(clock.now().toText(), "2025-12-31T23:59:59Z");
    QVERIFY(clock.monotonic() == before);
}

void TestSupport::executorRunsInOrderOfDueTimeThenPosting()
{
    ManualClock clock("2026-03-01T00:00:00Z");
    InlineExecutor executor(clock);
    std::string order;
    executor.postAfter(2s, [&] { order += 'd'; });
    executor.postAfter(1s, [&] { order += 'b'; });
    executor.postAfter(1s, [&] { order += 'c'; });
    executor.post([&] { order += 'a'; });

    QCOMPARE(executor.runUntilIdle(), std::size_t{1});
    QCOMPARE(order, "a");
    QCOMPARE(executor.advance(999'999us), std::size_t{0});
    QCOMPARE(executor.advance(1us), std::size_t{2});
    QCOMPARE(order, "abc");
    QCOMPARE(executor.pending(), std::size_t{1});
    QCOMPARE(executor.advance(1h), std::size_t{1});
    QCOMPARE(order, "abcd");
}

void TestSupport::executorRunsWhatARunningTaskPosts()
{
    ManualClock clock("2026-03-01T00:00:00Z");
    InlineExecutor executor(clock);
    int depth = 0;
    executor.post([&] {
        ++depth;
        executor.post([&] { ++depth; });
    });
    QCOMPARE(executor.runUntilIdle(), std::size_t{2});
    QCOMPARE(depth, 2);
}

void TestSupport::executorStopsTheClockAtEveryDueMoment()
{
    ManualClock clock("2026-03-01T00:00:00Z");
    InlineExecutor executor(clock);
    std::vector<std::string> moments;
    std::function<void()> tick = [&] {
        moments.push_back(clock.now().toText());
        executor.postAfter(10min, tick);
    };
    executor.postAfter(10min, tick);
    executor.advance(25min);
    QVERIFY((moments == std::vector<std::string>{"2026-03-01T00:10:00Z", "2026-03-01T00:20:00Z"}));
    QCOMPARE(clock.now().toText(), "2026-03-01T00:25:00Z");
}

void TestSupport::randomRepeatsFromItsSeed()
{
    SeededRandom random(0);
    QCOMPARE(random.next(), std::uint64_t{0xe220a8397b1dcdaf}); // SplitMix64's published first value
    SeededRandom first(42);
    SeededRandom second(42);
    SeededRandom other(43);
    const std::uint64_t value = first.next();
    QCOMPARE(second.next(), value);
    QVERIFY(other.next() != value);
    for (int draw = 0; draw < 1000; ++draw)
        QVERIFY(first.below(7) < 7);
}

void TestSupport::secureRandomRepeatsFromItsSeed()
{
    std::array<std::byte, 32> one{};
    std::array<std::byte, 32> two{};
    SeededSecureRandom(1).fill(one);
    SeededSecureRandom(1).fill(two);
    QVERIFY(one == two);
    SeededSecureRandom(2).fill(two);
    QVERIFY(one != two);
}

void TestSupport::temporaryDirectoryIsUniqueAndGoesAway()
{
    std::filesystem::path kept;
    {
        const TemporaryDirectory first;
        const TemporaryDirectory second;
        QVERIFY(first.path() != second.path());
        std::ofstream(first.file("a.txt")) << "text";
        QVERIFY(std::filesystem::exists(first.file("a.txt")));
        kept = first.path();
    }
    QVERIFY(!std::filesystem::exists(kept));
}

void TestSupport::freePortsCanBeHad()
{
    QVERIFY(freePort() >= 1024);
}

void TestSupport::childThatIsMissing()
{
    Process process({builtProgram("no-such-program")});
    QVERIFY(!process.started());
    QVERIFY(!process.waitForExit(1s));
    QCOMPARE(runToEnd({builtProgram("no-such-program")}).exitCode, -1000);
}

void TestSupport::childLines()
{
    Process process = shell("echo one; echo two; echo listening on 7; printf last");
    QCOMPARE(process.readLine(10s).value_or(""), "one");
    QCOMPARE(process.readLineWith("listening", 10s).value_or(""), "listening on 7");
    QCOMPARE(process.readLine(10s).value_or(""), "last");
    QVERIFY(!process.readLine(10s));
    QCOMPARE(process.waitForExit(10s).value_or(-1), 0);
}

void TestSupport::childThatSaysNothing()
{
    Process process = shell("read never");
    QVERIFY(!process.readLine(20ms));
    QVERIFY(!process.waitForExit(20ms));
}

void TestSupport::childExitCodeAndErrors()
{
    const Finished finished = runToEnd({"/bin/sh", {"-c", "echo out; echo bad >&2; exit 3"}});
    QCOMPARE(finished.exitCode, 3);
    QCOMPARE(finished.output, "out\n");
    QCOMPARE(finished.errors, "bad\n");
}

void TestSupport::childKilled()
{
    Process process = shell("echo ready; read never");
    QVERIFY(process.readLineWith("ready", 10s));
    QVERIFY(process.processId() > 0);
    process.kill();
    QCOMPARE(process.waitForExit(10s).value_or(0), -SIGKILL);
}

void TestSupport::childFedThroughInput()
{
    const Finished finished = runToEnd({"/bin/cat"}, 10s, "a\nb\n");
    QCOMPARE(finished.output, "a\nb\n");
}

void TestSupport::childDiesWithItsObject()
{
    std::int64_t id = 0;
    {
        Process process = shell("echo ready; read never");
        QVERIFY(process.readLineWith("ready", 10s));
        id = process.processId();
        QCOMPARE(::kill(static_cast<pid_t>(id), 0), 0);
    }
    QCOMPARE(::kill(static_cast<pid_t>(id), 0), -1);
}

void TestSupport::pythonLinesOfAScript()
{
    const TemporaryDirectory directory;
    std::ofstream(directory.file("script.py")) << "import sys\nprint('x')\nprint()\nprint(sys.argv[1])\n";
    const auto lines = pythonLines(directory.file("script.py").string(), {"y"});
    QVERIFY((lines == std::vector<std::string>{"x", "", "y"}));
}

void TestSupport::deathByAssertionIsTold()
{
    QVERIFY(diesByAssertion([] { BILLING_ASSERT(1 + 1 == 3); }));
    QVERIFY(!diesByAssertion([] { BILLING_ASSERT(1 + 1 == 2); }));
    QVERIFY(!diesByAssertion([] { ::raise(SIGTERM); })); // another death is not the one asked for
}

QTEST_GUILESS_MAIN(TestSupport)

#include "tst_support.moc"
