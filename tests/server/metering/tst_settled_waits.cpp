// Whoever waits for settling is told once: before, when it was overtaken, or when the time is over.
#include "server/bus/in_process.h"
#include "server/metering/settled_waits.h"
#include "tests/support/inline_executor.h"
#include "tests/support/printing.h"

#include <QTest>

using namespace billing;
using namespace billing::test;

namespace {

struct Waits
{
    ManualClock clock{"2023-11-01T09:00:00Z"};
    InlineExecutor executor{clock};
    InProcessBus bus;
    SettledWaits waits{bus, executor};
    std::vector<std::string> told;

    void wait(std::int64_t position)
    {
        waits.wait(
            JournalPosition(position), std::chrono::seconds(2),
            [this](std::optional<std::string> outcomes) { told.push_back(outcomes.value_or("too late")); });
    }
    void watch(std::int64_t position, std::uint64_t since)
    {
        waits.afterProgress({since, JournalPosition(position), std::chrono::seconds(1)},
                            [this] { told.push_back("look"); });
    }
    void settle(std::int64_t position, std::string outcomes)
    {
        const SettledNotice notice{JournalPosition(position), std::move(outcomes)};
        bus.publishSettled({&notice, 1});
    }
};

} // namespace

class TestSettledWaits : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void givesUpOnceAfterTheLimit();
    void isToldOnce();
    void settlingMayOvertake();
    void everyWaiterIsTold();
    void forgetsTheOldest();
    void progressIsToldOnce();
    void progressMayBeOvertaken();
    void progressBelowIsNotEnough();
};

void TestSettledWaits::givesUpOnceAfterTheLimit()
{
    Waits waits;
    waits.wait(1);
    waits.executor.advance(std::chrono::microseconds(1'999'999));
    QVERIFY(waits.told.empty());
    waits.executor.advance(std::chrono::microseconds(1));
    QCOMPARE(waits.told, (std::vector<std::string>{"too late"}));
    waits.settle(1, "s");
    QCOMPARE(waits.told.size(), std::size_t{1});
}

void TestSettledWaits::isToldOnce()
{
    Waits waits;
    waits.wait(1);
    waits.settle(2, "c");
    QVERIFY(waits.told.empty());
    waits.settle(1, "sd");
    waits.executor.advance(std::chrono::seconds(3));
    QCOMPARE(waits.told, (std::vector<std::string>{"sd"}));
}

void TestSettledWaits::settlingMayOvertake()
{
    Waits waits;
    waits.settle(1, "s");
    waits.wait(1);
    QCOMPARE(waits.told, (std::vector<std::string>{"s"}));
    QCOMPARE(waits.executor.pending(), std::size_t{0});
}

void TestSettledWaits::everyWaiterIsTold()
{
    Waits waits;
    waits.wait(1);
    waits.executor.advance(std::chrono::seconds(1));
    waits.wait(1);
    waits.executor.advance(std::chrono::seconds(1));
    waits.settle(1, "s");
    QCOMPARE(waits.told, (std::vector<std::string>{"too late", "s"}));
}

void TestSettledWaits::forgetsTheOldest()
{
    Waits waits;
    for (std::int64_t position = 1; position <= 4'097; ++position)
        waits.settle(position, "s");
    waits.wait(1);
    QVERIFY(waits.told.empty());
    waits.wait(2);
    QCOMPARE(waits.told.size(), std::size_t{1});
}

void TestSettledWaits::progressIsToldOnce()
{
    Waits waits;
    waits.watch(5, waits.waits.progress());
    QVERIFY(waits.told.empty());
    waits.settle(5, "s");
    QCOMPARE(waits.told, (std::vector<std::string>{"look"}));
    waits.settle(6, "s");
    waits.executor.advance(std::chrono::seconds(2));
    QCOMPARE(waits.told.size(), std::size_t{1});
}

void TestSettledWaits::progressMayBeOvertaken()
{
    Waits waits;
    const std::uint64_t before = waits.waits.progress();
    waits.settle(5, "s");
    waits.watch(5, before); // looked before the settling, asks after it
    QCOMPARE(waits.told, (std::vector<std::string>{"look"}));
}

void TestSettledWaits::progressBelowIsNotEnough()
{
    Waits waits;
    waits.watch(5, waits.waits.progress());
    waits.settle(4, "s");
    QVERIFY(waits.told.empty());
    waits.executor.advance(std::chrono::microseconds(999'999));
    QVERIFY(waits.told.empty());
    waits.executor.advance(std::chrono::microseconds(1)); // the limit
    QCOMPARE(waits.told, (std::vector<std::string>{"look"}));
    waits.settle(5, "s");
    QCOMPARE(waits.told.size(), std::size_t{1});
}

QTEST_APPLESS_MAIN(TestSettledWaits)
#include "tst_settled_waits.moc"
