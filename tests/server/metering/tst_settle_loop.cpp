// The loop settles what waits at its start and what comes later, tells whoever listens, and tries again after
// a refusal.
#include "server/metering/settle_loop.h"
#include "tests/server/invoicing/billing_world.h"
#include "tests/support/printing.h"

#include <QTest>

using namespace billing;
using namespace billing::test;

namespace {

constexpr MonotonicTime rest = SettlePace::oneWriter().rest;

struct Loop : BillingWorld
{
    Loop()
    {
        addTenant("nova");
        bus.onSettled([this](std::span<const SettledNotice> notices) {
            for (const SettledNotice& notice : notices)
                told += notice.outcomes;
        });
    }
    void accept(const std::string& id)
    {
        const auto position = BillingWorld::accept({event("nova", id, "1", "2023-11-01T08:00:00Z")});
        bus.publishAccepted(position);
        executor.runUntilIdle();
    }

    InProcessBus bus;
    std::string told;
    std::int64_t settled = 0;
    SettleLoop loop{{settler, bus, executor}, [this](std::int64_t events) { settled += events; }};
};

} // namespace

class TestSettleLoop : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void settlesWhatAFormerProcessLeft();
    void settlesWhatComes();
    void restsBetweenSmallOnes();
    void stops();
};

void TestSettleLoop::settlesWhatAFormerProcessLeft()
{
    Loop loop;
    loop.accept("a");
    loop.accept("a");
    QVERIFY(loop.told.empty());
    loop.loop.start();
    loop.executor.runUntilIdle();
    QCOMPARE(loop.told, std::string("sd"));
    QCOMPARE(loop.settled, std::int64_t{2});
}

void TestSettleLoop::settlesWhatComes()
{
    Loop loop;
    loop.loop.start();
    loop.executor.runUntilIdle();
    loop.accept("a");
    loop.executor.advance(rest);
    loop.accept("b");
    QCOMPARE(loop.told, std::string("ss"));
    loop.executor.advance(rest);
    QCOMPARE(loop.executor.pending(), std::size_t{0});
    QCOMPARE(loop.loop.deadLetters(), std::int64_t{0});
}

void TestSettleLoop::restsBetweenSmallOnes()
{
    Loop loop;
    loop.loop.start();
    loop.executor.runUntilIdle();
    loop.accept("a"); // the first is not kept waiting
    QCOMPARE(loop.told, std::string("s"));
    loop.accept("b");
    loop.accept("a");
    loop.executor.advance(rest - Duration(1));
    QCOMPARE(loop.told, std::string("s"));
    loop.executor.advance(Duration(1));
    QCOMPARE(loop.told, std::string("ssd"));
}

void TestSettleLoop::stops()
{
    Loop loop;
    loop.loop.start();
    loop.loop.stop();
    loop.executor.runUntilIdle();
    loop.accept("a");
    QVERIFY(loop.told.empty());
}

QTEST_GUILESS_MAIN(TestSettleLoop)
#include "tst_settle_loop.moc"
