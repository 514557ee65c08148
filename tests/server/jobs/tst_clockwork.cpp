// Jobs run at the start, again at once while there is more to do, then on their interval; a failing one is
// told of and tried again; nothing starts after stop.
#include "server/jobs/clockwork.h"
#include "tests/support/inline_executor.h"
#include "tests/support/printing.h"

#include <QTest>

#include <deque>

using namespace billing;
using namespace billing::test;

class TestClockwork : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void failuresAreToldAndTriedAgain();
    void nothingStartsAfterStop();
    void moreIsDoneAtOnce();
};

void TestClockwork::failuresAreToldAndTriedAgain()
{
    ManualClock clock("2023-11-01T09:00:00Z");
    InlineExecutor executor(clock);
    std::string told;
    const auto fail = []() -> Result<bool> { return Error{ErrorCode::StorageBusy}; };
    Clockwork clockwork(executor, {{"close", std::chrono::seconds(10), fail}},
                        [&](const std::string& job, const Error& error) {
                            told += job + " " + std::string(wireName(error.code)) + "; ";
                        });
    clockwork.start();
    executor.runUntilIdle();
    QCOMPARE(told, std::string("close storage_busy; "));
    executor.advance(std::chrono::seconds(10));
    QCOMPARE(told, std::string("close storage_busy; close storage_busy; "));
}

void TestClockwork::nothingStartsAfterStop()
{
    ManualClock clock("2023-11-01T09:00:00Z");
    InlineExecutor executor(clock);
    int steps = 0;
    Clockwork clockwork(executor,
                        {{"count", std::chrono::seconds(1),
                          [&]() -> Result<bool> {
                              ++steps;
                              return false;
                          }}},
                        [](const std::string&, const Error&) {});
    clockwork.start();
    executor.advance(std::chrono::seconds(2));
    QCOMPARE(steps, 3);
    clockwork.stop();
    executor.advance(std::chrono::seconds(9));
    QCOMPARE(steps, 3);
    QCOMPARE(executor.pending(), std::size_t{0});
}

void TestClockwork::moreIsDoneAtOnce()
{
    ManualClock clock("2023-11-01T09:00:00Z");
    InlineExecutor executor(clock);
    std::deque<bool> more{true, true, false};
    Clockwork clockwork(executor,
                        {{"draw", std::chrono::hours(1),
                          [&]() -> Result<bool> {
                              const bool answer = more.front();
                              more.pop_front();
                              return answer;
                          }}},
                        [](const std::string&, const Error&) {});
    clockwork.start();
    executor.runUntilIdle();
    QVERIFY(more.empty());
    QCOMPARE(executor.pending(), std::size_t{1});
}

QTEST_APPLESS_MAIN(TestClockwork)
#include "tst_clockwork.moc"
