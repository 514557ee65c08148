#include "tests/bench/settle_bench.h"

#include "server/app/thread_executor.h"
#include "server/bus/in_process.h"
#include "server/metering/settle_loop.h"
#include "server/storage/journal.h"
#include "server/storage/journal_body.h"
#include "tests/bench/insert_limits.h"
#include "tests/bench/usage_load.h"
#include "tests/support/seeded_random.h"

#include <chrono>
#include <cstdio>
#include <semaphore>
#include <set>

namespace billing::bench {

namespace {

constexpr int eventsPerRequest = 100;
constexpr std::size_t eventsPerTransaction = 20'000; ///< of the limits

/// Over a day, four metrics, in the order of arrival.
std::vector<UsageEvent> eventsOf(int count, int duplicatePercent, Instant now)
{
    test::SeededRandom random(1);
    std::vector<UsageEvent> events;
    for (int i = 0; i < count; ++i) {
        if (i > 0 && random.below(100) < static_cast<std::uint64_t>(duplicatePercent)) {
            events.push_back(events[random.below(events.size())]);
            continue;
        }
        const auto number = static_cast<std::uint64_t>(i);
        const Instant at = now.minus(std::chrono::seconds(static_cast<std::int64_t>(random.below(86'400))));
        UsageEvent event{TenantId(tenantName(i / eventsPerRequest % tenantCount)),
                         "kernel",
                         eventId(number),
                         "api_request",
                         Decimal::fromInteger(static_cast<std::int64_t>(random.below(1'000))),
                         at,
                         {}};
        if (i % 2 == 1) {
            event.metricType = "llm_tokens";
            event.dimensions = {{"direction", i % 4 == 1 ? "input" : "output"}, {"model", "gpt4"}};
        }
        events.push_back(std::move(event));
    }
    return events;
}

void journal(House& house, std::span<const UsageEvent> events)
{
    std::vector<storage::NewJournalRow> rows;
    for (std::size_t at = 0; at < events.size(); at += eventsPerRequest) {
        const auto some = events.subspan(at, std::min<std::size_t>(eventsPerRequest, events.size() - at));
        rows.push_back(
            {house.clock().now(), static_cast<std::int64_t>(some.size()), storage::encodeJournalBody(some)});
    }
    const auto written =
        writeValue(house.storage(), Scope::system("bench"), Priority::Accept, WorkId("bench"),
                   [&](Work& work) { return storage::appendJournal(work, rows); });
    BILLING_ASSERT(written.has_value());
}

/// Settles what waits as a server does in which nobody sends usage.
void settleAll(House& house, Engine engine, std::int64_t events)
{
    InProcessBus bus;
    ThreadExecutor settling("settle", 1);
    ThreadExecutor preparing("prepare", 1);
    std::binary_semaphore allSettled{0};
    std::int64_t settled = 0; // on the settling thread
    SettleLoop loop(
        {house.settler(), bus, settling, &preparing},
        [&](std::int64_t some) {
            settled += some;
            if (settled == events)
                allSettled.release();
        },
        engine == Engine::Sqlite ? SettlePace::oneWriter() : SettlePace::manyWriters());
    loop.start();
    allSettled.acquire();
    loop.stop();
    settling.stop();
    preparing.stop();
    BILLING_ASSERT(loop.deadLetters() == 0);
}

double secondsOf(const Clock& clock, const std::function<void()>& work)
{
    const MonotonicTime start = clock.monotonic();
    work();
    return static_cast<double>((clock.monotonic() - start).count()) / 1e6;
}

/// Each event the first time it comes.
std::vector<UsageEvent> withoutRepeats(std::span<const UsageEvent> events)
{
    std::set<std::pair<std::string, std::string>> seen;
    std::vector<UsageEvent> first;
    for (const UsageEvent& event : events)
        if (seen.emplace(event.tenant.text(), event.eventId).second)
            first.push_back(event);
    return first;
}

} // namespace

void benchSettling(Engine engine, int events, int duplicatePercent)
{
    const Site site(engine);
    House& house = site.house();
    const std::vector<UsageEvent> all = eventsOf(events, duplicatePercent, house.clock().now());
    journal(house, all);
    const double settling = secondsOf(house.clock(), [&] { settleAll(house, engine, events); });
    const double raw = secondsOf(house.clock(), [&] {
        insertIntoSqlite(house.directory().root / "raw.sqlite", all, eventsPerTransaction);
    });
    const auto copied = withoutRepeats(all);
    const auto copying = copyIntoPostgres(copied, eventsPerTransaction);
    std::printf("{\"bench\":\"settle\",\"engine\":\"%s\",\"duplicates_percent\":%d,\"events\":%d,"
                "\"events_per_s\":%.0f,\"sqlite_insert_rows_per_s\":%.0f,\"ratio_to_sqlite_insert\":%.2f",
                nameOf(engine), duplicatePercent, events, events / settling, events / raw, raw / settling);
    if (copying) {
        const double copyRate = static_cast<double>(copied.size()) / *copying;
        std::printf(",\"postgres_copy_rows_per_s\":%.0f,\"ratio_to_postgres_copy\":%.2f", copyRate,
                    events / settling / copyRate);
    }
    std::printf("}\n");
    std::fflush(stdout);
}

} // namespace billing::bench
