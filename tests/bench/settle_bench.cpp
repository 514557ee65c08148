#include "tests/bench/settle_bench.h"

#include "server/storage/journal.h"
#include "server/storage/journal_body.h"
#include "tests/support/seeded_random.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <sqlite3.h>

namespace billing::bench {

namespace {

constexpr int eventsPerRequest = 100;
constexpr int eventsPerTransaction = 5'000;

std::string eventId(std::uint64_t number)
{
    std::array<char, 24> text{};
    std::snprintf(text.data(), text.size(), "evt-%016llx",
                  static_cast<unsigned long long>(number * 0x9E37'79B9'7F4A'7C15ULL));
    return text.data();
}

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

double secondsOf(const Clock& clock, const std::function<void()>& work)
{
    const MonotonicTime start = clock.monotonic();
    work();
    return static_cast<double>((clock.monotonic() - start).count()) / 1e6;
}

void demand(sqlite3* database, int code)
{
    if (code == SQLITE_OK || code == SQLITE_DONE)
        return;
    std::fprintf(stderr, "bench_usage: %s\n", sqlite3_errmsg(database));
    std::exit(1);
}

void run(sqlite3* database, const char* statement)
{
    demand(database, sqlite3_exec(database, statement, nullptr, nullptr, nullptr));
}

/// What SQLite needs for the rows alone: no identity, no rollup, no head, no journal.
void insertRaw(const std::filesystem::path& file, std::span<const UsageEvent> events)
{
    sqlite3* database = nullptr;
    demand(database, sqlite3_open(file.c_str(), &database));
    run(database, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL");
    run(database,
        "CREATE TABLE event (tenant_id TEXT, source TEXT, event_id TEXT, metric_type TEXT, value TEXT, "
        "at INTEGER, dimensions TEXT, PRIMARY KEY (tenant_id, source, event_id))");
    sqlite3_stmt* insert = nullptr;
    demand(database, sqlite3_prepare_v2(database, "INSERT OR IGNORE INTO event VALUES (?, ?, ?, ?, ?, ?, ?)",
                                        -1, &insert, nullptr));
    const std::vector<std::string> names{"direction", "model"};
    for (std::size_t i = 0; i < events.size(); ++i) {
        if (i % eventsPerTransaction == 0)
            run(database, i == 0 ? "BEGIN" : "COMMIT; BEGIN");
        const UsageEvent& event = events[i];
        const std::array<std::string, 6> texts{event.tenant.text(),  event.source,
                                               event.eventId,        event.metricType,
                                               event.value.toText(), dimensionKey(event.dimensions, names)};
        const std::array<int, 6> columns{1, 2, 3, 4, 5, 7};
        for (std::size_t column = 0; column < texts.size(); ++column)
            sqlite3_bind_text(insert, columns[column], texts[column].data(),
                              static_cast<int>(texts[column].size()), SQLITE_STATIC);
        sqlite3_bind_int64(insert, 6, event.at.micros());
        demand(database, sqlite3_step(insert));
        sqlite3_reset(insert);
    }
    run(database, "COMMIT");
    sqlite3_finalize(insert);
    sqlite3_close(database);
}

} // namespace

std::string tenantName(int index)
{
    return "bench-" + std::to_string(index);
}

std::string eventJson(std::uint64_t number, int tenant, const std::string& timestamp)
{
    std::string json = R"({"event_id":")";
    json.append(eventId(number)).append(R"(","tenant_id":")").append(tenantName(tenant));
    json.append(R"(","metric_type":"api_request","value":"1","timestamp":")").append(timestamp);
    return json.append(R"("})");
}

void benchSettling(House& house, int events, int duplicatePercent)
{
    const std::vector<UsageEvent> all = eventsOf(events, duplicatePercent, house.clock().now());
    journal(house, all);
    const double settling = secondsOf(house.clock(), [&] {
        std::int64_t settled = 0;
        while (settled < events) {
            const auto report = house.settler().settle(eventsPerTransaction);
            BILLING_ASSERT(report && report->events > 0 && report->deadLetters == 0);
            settled += report->events;
        }
    });
    const double raw =
        secondsOf(house.clock(), [&] { insertRaw(house.directory().root / "raw.sqlite", all); });
    std::printf("{\"bench\":\"settle\",\"duplicates_percent\":%d,\"events\":%d,\"events_per_s\":%.0f,"
                "\"limit\":\"raw_sqlite_insert\",\"limit_rows_per_s\":%.0f,\"ratio\":%.2f}\n",
                duplicatePercent, events, events / settling, events / raw, raw / settling);
    std::fflush(stdout);
}

} // namespace billing::bench
