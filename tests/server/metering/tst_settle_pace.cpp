// How much one settling takes: as much as holds the store for the time its pace gives, more when nobody sends
// usage. The cost of an event is the test's own, so figures are exact.
#include "server/metering/settle_loop.h"
#include "server/storage/journal.h"
#include "server/storage/journal_body.h"
#include "tests/server/invoicing/billing_world.h"
#include "tests/support/printing.h"

#include <QTest>

#include <limits>
#include <numeric>

using namespace billing;
using namespace billing::test;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t eventsPerRow = 10;

/// A store whose settling takes so long an event.
class CostlyStorage final : public Storage
{
public:
    CostlyStorage(Storage& storage, ManualClock& clock, MonotonicTime perEvent)
        : m_storage(storage)
        , m_clock(clock)
        , m_perEvent(perEvent)
    {
    }
    Result<void> write(const Scope& scope, Priority priority, const WorkId& workId, const Body& body) override
    {
        return m_storage.write(scope, priority, workId, [&](Work& work) -> Result<void> {
            const auto before = storage::backlog(work)->events;
            const auto done = body(work);
            m_clock.advance(m_perEvent * (before - storage::backlog(work)->events));
            return done;
        });
    }
    Result<void> read(const Scope& scope, const Body& body) override { return m_storage.read(scope, body); }

private:
    Storage& m_storage;
    ManualClock& m_clock;
    MonotonicTime m_perEvent;
};

struct World : BillingWorld
{
    World(MonotonicTime perEvent, std::int64_t events, const SettlePace& pace)
        : costly(storage(), clock, perEvent)
        , settler({costly, clock, ids}, meters)
        , loop(
              {settler, bus, executor},
              [this](std::int64_t settled) {
                  sizes.push_back(settled);
                  usageGoesOn = usageGoesOn || settled >= usageComesAfter;
                  if (usageGoesOn)
                      bus.publishAccepted(JournalPosition(1));
              },
              pace)
    {
        addTenant("nova");
        journal(events);
    }
    /// More usage waits; nobody is told.
    void journal(std::int64_t events)
    {
        std::vector<storage::NewJournalRow> rows;
        for (std::int64_t row = 0; row < events / eventsPerRow; ++row) {
            std::vector<UsageEvent> some;
            for (std::int64_t i = 0; i < eventsPerRow; ++i)
                some.push_back(event("nova", std::to_string(++eventsMade), "1", "2023-11-01T08:00:00Z"));
            rows.push_back({clock.now(), eventsPerRow, storage::encodeJournalBody(some)});
        }
        BILLING_ASSERT(storage().write(Scope::system("test"), Priority::Accept, WorkId("wrk_rows"),
                                       [&](Work& work) -> Result<void> {
                                           const auto done = storage::appendJournal(work, rows);
                                           return done ? Result<void>() : done.error();
                                       }));
    }

    std::int64_t eventsMade = 0;
    CostlyStorage costly;
    Settler settler; // in place of the one without cost
    InProcessBus bus;
    std::vector<std::int64_t> sizes;
    bool usageGoesOn = false;
    std::int64_t usageComesAfter = std::numeric_limits<std::int64_t>::max(); ///< a settling of so many events
    SettleLoop loop;
};

} // namespace

class TestSettlePace : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void takesWhatItsTimeAllows_data();
    void takesWhatItsTimeAllows();
    void isQuickAgainWhenUsageComes();
    void takesShorterTurnsWhileItKeepsUp();
};

void TestSettlePace::takesWhatItsTimeAllows_data()
{
    QTest::addColumn<int>("microsPerEvent");
    QTest::addColumn<bool>("usageGoesOn");
    QTest::addColumn<qlonglong>("least");
    QTest::addColumn<qlonglong>("most");
    const SettlePace one = SettlePace::oneWriter();
    const auto row = [&](const char* name, int micros, bool usageGoesOn, MonotonicTime time) {
        const qlonglong fits = std::min<qlonglong>(time.count() / micros, one.mostEvents);
        QTest::newRow(name) << micros << usageGoesOn << fits / 2 << fits;
    };
    row("behind", 10, true, one.behind);
    row("behind, on a slow disk", 20, true, one.behind);
    row("a backlog and no usage", 20, false, one.quiet);
    row("a backlog on a fast machine", 1, false, one.quiet);
}

void TestSettlePace::takesWhatItsTimeAllows()
{
    QFETCH(const int, microsPerEvent);
    QFETCH(const bool, usageGoesOn);
    QFETCH(const qlonglong, least);
    QFETCH(const qlonglong, most);
    World world(std::chrono::microseconds(microsPerEvent), 60'000, SettlePace::oneWriter());
    world.usageGoesOn = usageGoesOn;
    world.loop.start();
    world.executor.runUntilIdle();
    QVERIFY(world.sizes.size() > 3);
    const std::int64_t settled = *std::max_element(world.sizes.begin() + 2, world.sizes.end());
    QVERIFY2(settled >= least && settled <= most, std::to_string(settled).c_str());
    QCOMPARE(std::accumulate(world.sizes.begin(), world.sizes.end(), std::int64_t{0}), std::int64_t{60'000});
}

void TestSettlePace::isQuickAgainWhenUsageComes()
{
    World world(20us, 40'000, SettlePace::oneWriter());
    world.usageComesAfter = 3'000;
    world.loop.start();
    world.executor.runUntilIdle();
    const auto large = std::find_if(world.sizes.begin(), world.sizes.end(),
                                    [](std::int64_t settled) { return settled >= 3'000; });
    // It, the one that was sized when the first usage came, then short ones.
    QVERIFY(world.sizes.end() - large > 3);
    QVERIFY(large[1] > 3'000);
    for (auto after = large + 2; after != world.sizes.end(); ++after)
        QVERIFY2(*after <= SettlePace::oneWriter().behind / 20us, std::to_string(*after).c_str());
}

void TestSettlePace::takesShorterTurnsWhileItKeepsUp()
{
    // All that waits takes longer than it should while it keeps up, and less than when it is behind.
    constexpr MonotonicTime perEvent = 16us;
    constexpr SettlePace pace = SettlePace::oneWriter();
    static_assert(300 * perEvent > pace.keepingUp && 300 * perEvent < pace.behind);
    World world(perEvent, 0, pace);
    world.loop.start();
    world.executor.runUntilIdle();
    for (int time = 0; time < 2; ++time) {
        world.journal(300);
        world.bus.publishAccepted(JournalPosition(1));
        world.executor.advance(pace.rest);
    }
    QCOMPARE(world.sizes, (std::vector<std::int64_t>{300, 250, 50}));
}

QTEST_GUILESS_MAIN(TestSettlePace)
#include "tst_settle_pace.moc"
