// More usage than can be metered, by real threads on the real engine: what goes beyond the backlog's limit is
// refused before anything is written, metering goes on although accepting never pauses, room comes back by
// itself, and in the end exactly what was accepted is counted.
#include "server/app/system_clock.h"
#include "server/app/thread_executor.h"
#include "server/bus/in_process.h"
#include "server/catalog/catalog_records.h"
#include "server/intake/intake.h"
#include "server/metering/settle_loop.h"
#include "server/storage/sql/session.h"
#include "server/storage/tenants.h"
#include "tests/server/storage/storage_fixture.h"
#include "tests/support/printing.h"

#include <QElapsedTimer>
#include <QTest>

#include <future>

using namespace billing;
using namespace billing::test;

namespace {

constexpr std::int64_t limit = 2'000;
constexpr int clients = 4;
constexpr int requestsOfEach = 100;
constexpr std::size_t eventsInARequest = 100;

struct House
{
    House()
    {
        const Tenant tenant{TenantId("acme"), "A",    "DE", Currency::parse("EUR").value(),
                            "Europe/Berlin",  "de-DE"};
        BILLING_ASSERT(store.storage()
                           .write(Scope::system("test"), Priority::Money, anyWork(),
                                  [&](Work& work) {
                                      return storage::insertTenant(work, {tenant, "sealed"});
                                  })
                           .has_value());
    }
    ~House() { stop(); }

    void stop()
    {
        loop.stop();
        settling.stop();
        committer.stop();
    }
    std::vector<UsageEvent> request(int client, int number) const
    {
        std::vector<UsageEvent> events;
        const Instant at = Instant::parse("2023-11-01T08:00:00Z").value();
        for (std::size_t i = 0; i < eventsInARequest; ++i)
            events.push_back({TenantId("acme"),
                              "",
                              std::to_string(client) + "-" + std::to_string(number) + "-" + std::to_string(i),
                              "api_request",
                              Decimal::fromInteger(1),
                              at,
                              {}});
        return events;
    }
    std::int64_t count(const char* sql)
    {
        return readValue(store.storage(), Scope::allTenants("test"),
                         [&](Work& work) {
                             return queryOne(work.session(), sql, {},
                                             [](const sql::Row& row) { return row.integer(0); });
                         })
            .value()
            .value();
    }

    StorageFixture store{StorageFixture::Writer::Thread};
    SystemClock clock;
    SystemRandom random;
    IdFactory ids{clock, random};
    InProcessBus bus;
    ThreadExecutor committer{"commit", 1};
    ThreadExecutor settling{"settle", 1};
    std::shared_ptr<const MeterIndex> meters = std::make_shared<const MeterIndex>(shippedCatalog().meters);
    Intake intake{{store.storage(), clock, ids, committer},
                  {.backlogEvents = limit},
                  [this](JournalPosition upTo) { bus.publishAccepted(upTo); }};
    Settler settler{{store.storage(), clock, ids}, meters};
    SettleLoop loop{{settler, bus, settling}, [this](std::int64_t events) { intake.settled(events); }};
};

struct Tally
{
    std::atomic<int> accepted = 0;
    std::atomic<int> refused = 0;
    std::atomic<int> otherwise = 0;
    std::atomic<std::int64_t> highest = 0; ///< waiting events seen
};

/// Sends each of its requests until it is taken.
void sendAll(House& house, int client, Tally& tally)
{
    for (int number = 0; number < requestsOfEach;) {
        std::promise<bool> answered;
        const auto submitted = house.intake.submit(house.request(client, number), [&](const auto& position) {
            answered.set_value(position.has_value());
        });
        if (!submitted) {
            ++(submitted.error().code == ErrorCode::BacklogFull ? tally.refused : tally.otherwise);
            std::this_thread::yield();
            continue;
        }
        tally.highest = std::max(tally.highest.load(), house.intake.waitingEvents());
        ++(answered.get_future().get() ? tally.accepted : tally.otherwise);
        ++number;
    }
}

} // namespace

class TestBacklog : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aRefusalWritesNothing();
    void settlesUnderSaturationAndRecovers();
};

void TestBacklog::aRefusalWritesNothing()
{
    House house; // whose settling has not been started
    Tally tally;
    for (int number = 0; number < 20; ++number) {
        std::promise<bool> answered;
        QVERIFY(house.intake.submit(house.request(0, number),
                                    [&](const auto& position) { answered.set_value(position.has_value()); }));
        QVERIFY(answered.get_future().get());
    }
    for (int number = 20; number < 40; ++number)
        QCOMPARE(house.intake.submit(house.request(0, number), [](const auto&) { qFatal("answered twice"); })
                     .error()
                     .code,
                 ErrorCode::BacklogFull);
    QCOMPARE(house.count("SELECT count(*) FROM usage_journal"), std::int64_t{20});
    QCOMPARE(house.intake.waitingEvents(), limit);
}

void TestBacklog::settlesUnderSaturationAndRecovers()
{
    QElapsedTimer time;
    time.start();
    House house;
    house.loop.start();
    Tally tally;
    std::vector<std::thread> threads;
    for (int client = 0; client < clients; ++client)
        threads.emplace_back([&, client] { sendAll(house, client, tally); });
    for (std::thread& thread : threads)
        thread.join();
    constexpr int requests = clients * requestsOfEach;
    QCOMPARE(tally.accepted.load(), requests);
    QCOMPARE(tally.otherwise.load(), 0);
    QVERIFY(tally.refused > 0); // else nothing was shown
    QVERIFY(tally.highest <= limit);
    QTRY_COMPARE_WITH_TIMEOUT(house.intake.waitingEvents(), std::int64_t{0}, 20'000);
    house.stop();
    QCOMPARE(house.count("SELECT count(*) FROM usage_journal"), std::int64_t{requests});
    QCOMPARE(house.count("SELECT count(*) FROM usage_event"),
             static_cast<std::int64_t>(requests * eventsInARequest));
    QCOMPARE(house.loop.deadLetters(), std::int64_t{0});
    qInfo("backlog: limit %lld events, %d requests accepted, %d refused, %lld waiting at most, %lld ms",
          static_cast<long long>(limit), requests, tally.refused.load(),
          static_cast<long long>(tally.highest.load()), static_cast<long long>(time.elapsed()));
}

QTEST_GUILESS_MAIN(TestBacklog)
#include "tst_backlog.moc"
