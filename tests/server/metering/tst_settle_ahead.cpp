// Rows prepared on another thread while the former are written: taken once, never waited for when nobody has
// begun, and harmless when others have settled them meanwhile.
#include "server/app/thread_executor.h"
#include "server/metering/settle_ahead.h"
#include "tests/server/invoicing/billing_world.h"
#include "tests/support/printing.h"

#include <QTest>

#include <semaphore>

using namespace billing;
using namespace billing::test;

namespace {

struct World : BillingWorld
{
    World() { addTenant("nova"); }

    JournalPosition acceptOne(const std::string& id)
    {
        return accept({event("nova", id, "1", "2023-11-01T08:00:00Z")});
    }
    std::string outcomes(const Result<SettleReport>& report) const
    {
        std::string all;
        for (const SettledNotice& notice : report->notices)
            all += notice.outcomes;
        return all;
    }
};

constexpr JournalPosition begin(0);

/// Says when it is read from.
class SignallingStorage final : public Storage
{
public:
    explicit SignallingStorage(Storage& storage)
        : m_storage(storage)
    {
    }
    Result<void> write(const Scope& scope, Priority priority, const WorkId& workId, const Body& body) override
    {
        return m_storage.write(scope, priority, workId, body);
    }
    Result<void> read(const Scope& scope, const Body& body) override
    {
        m_read.release();
        return m_storage.read(scope, body);
    }
    void waitForRead() { m_read.acquire(); }

private:
    Storage& m_storage;
    std::counting_semaphore<> m_read{0};
};

} // namespace

class TestSettleAhead : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nothingBegunIsNotWaitedFor();
    void isTakenOnce();
    void anOlderStartIsForgotten();
    void beginsBehindThePosition();
    void whatOthersSettledIsLeftOut();
    void aDamagedRowIsBuriedAlone();
    void waitsForWhatHasBegun();
};

void TestSettleAhead::nothingBegunIsNotWaitedFor()
{
    World world;
    world.acceptOne("a");
    SettleAhead ahead(world.settler, world.executor);
    QVERIFY(!ahead.take());
    ahead.start(100, begin);
    QVERIFY(!ahead.take());
    world.executor.runUntilIdle(); // the task comes late and does nothing
    QVERIFY(!ahead.take());
}

void TestSettleAhead::isTakenOnce()
{
    World world;
    world.acceptOne("a");
    SettleAhead ahead(world.settler, world.executor);
    ahead.start(100, begin);
    world.executor.runUntilIdle();
    const auto taken = ahead.take();
    QCOMPARE(taken->events, std::int64_t{1});
    QCOMPARE(world.outcomes(world.settler.settle(*taken)), std::string("s"));
    QVERIFY(!ahead.take());
}

void TestSettleAhead::anOlderStartIsForgotten()
{
    World world;
    const auto first = world.acceptOne("a");
    world.acceptOne("b");
    SettleAhead ahead(world.settler, world.executor);
    ahead.start(100, begin);
    ahead.start(100, first);
    world.executor.runUntilIdle();
    QCOMPARE(ahead.take()->events, std::int64_t{1});
}

void TestSettleAhead::beginsBehindThePosition()
{
    World world;
    const auto first = world.acceptOne("a");
    const auto second = world.acceptOne("b");
    SettleAhead ahead(world.settler, world.executor);
    ahead.start(100, first);
    world.executor.runUntilIdle();
    const auto taken = ahead.take();
    QCOMPARE(taken->rows.size(), std::size_t{1});
    QVERIFY(taken->rows.front().position == second);
    ahead.start(100, second);
    world.executor.runUntilIdle();
    QVERIFY(ahead.take()->rows.empty());
}

void TestSettleAhead::whatOthersSettledIsLeftOut()
{
    World world;
    world.acceptOne("a");
    SettleAhead ahead(world.settler, world.executor);
    ahead.start(100, begin);
    world.executor.runUntilIdle();
    world.settleAll();
    const auto taken = ahead.take();
    QCOMPARE(taken->events, std::int64_t{1});
    QCOMPARE(world.settler.settle(*taken)->events, std::int64_t{0});
}

void TestSettleAhead::aDamagedRowIsBuriedAlone()
{
    World world;
    world.acceptOne("a");
    world.store.tamper("UPDATE usage_journal SET body = substr(body, 1, 3)");
    world.acceptOne("b");
    SettleAhead ahead(world.settler, world.executor);
    ahead.start(100, begin);
    world.executor.runUntilIdle();
    const auto report = world.settler.settle(*ahead.take());
    QCOMPARE(world.outcomes(report), std::string("s"));
    QCOMPARE(report->deadLetters, std::int64_t{1});
}

void TestSettleAhead::waitsForWhatHasBegun()
{
    World world;
    world.acceptOne("a");
    SignallingStorage storage(world.storage());
    const Settler settler({storage, world.clock, world.ids}, world.meters);
    ThreadExecutor other("prepare", 1);
    SettleAhead ahead(settler, other);
    for (int i = 0; i < 20; ++i) {
        ahead.start(100, begin);
        storage.waitForRead();
        QCOMPARE(ahead.take()->events, std::int64_t{1});
    }
    other.stop();
}

QTEST_GUILESS_MAIN(TestSettleAhead)
#include "tst_settle_ahead.moc"
