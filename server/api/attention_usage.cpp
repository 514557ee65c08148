// What is strange about usage that was accepted: events refused as conflicts, and values that no price names.
// GET /conflicts and GET /unlisted-values show the same with both payloads and with what was probably meant.
#include "server/api/attention.h"
#include "server/rating/listed_values.h"
#include "server/storage/unlisted_values.h"
#include "server/storage/usage_conflicts.h"

#include <charconv>

namespace billing::api {

namespace {

using Found = std::vector<AttentionFound>;

constexpr char between = '\x1f';

/// So that texts sort as the numbers do.
std::string padded(std::int64_t number)
{
    std::string digits = std::to_string(number);
    return std::string(19 - digits.size(), '0') + digits;
}

std::int64_t numberOf(std::string_view digits)
{
    std::int64_t number = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return number;
}

/// The parts of a key, as many as asked for.
template <std::size_t Count>
std::array<std::string, Count> partsOf(std::string_view key)
{
    std::array<std::string, Count> parts;
    for (std::string& part : parts) {
        part = key.substr(0, key.find(between));
        key.remove_prefix(std::min(key.size(), part.size() + 1));
    }
    return parts;
}

/// Nobody can settle a conflict: the first event stays. So they are shown while they are news.
constexpr Duration newsFor = std::chrono::hours(24 * 30);

Result<Found> findConflicts(Work& work, const AttentionAsked& asked)
{
    const auto parts = partsOf<2>(asked.key);
    const Instant since = asked.today.now.minus(newsFor);
    storage::NoticedPlace behind{asked.at, asked.tenantText, JournalPosition(numberOf(parts[0])),
                                 asked.key.empty() ? -1 : numberOf(parts[1])};
    if (asked.at < since)
        behind = {since, {}, JournalPosition(0), -1};
    const auto rows = storage::conflictsNoticed(work, asked.tenant, behind, asked.limit);
    if (!rows)
        return rows.error();
    Found found;
    for (const storage::KeptConflict& row : *rows)
        found.push_back({{"conflict",
                          row.place.tenant,
                          {{"source", row.source},
                           {"event_id", row.eventId},
                           {"position", std::to_string(row.place.position.number())}},
                          std::string(wireName(ErrorCode::PayloadConflict)),
                          "An event was sent again with another content. The first one is billed; see GET "
                          "/conflicts for both.",
                          1,
                          *row.noticedAt,
                          *row.noticedAt},
                         padded(row.place.position.number()) + between + padded(row.place.ordinal)});
    return found;
}

Result<std::int64_t> countConflicts(Work& work, const AttentionToday& today,
                                    const std::optional<TenantId>& tenant)
{
    return storage::conflictCount(work, {tenant, today.now.minus(newsFor), mostCounted});
}

AttentionFound shown(const storage::UnlistedValue& row, const ListedValues& listed)
{
    const storage::UnlistedKey& key = row.key;
    const std::string* hint = listed.hint(key.meter, key.dimension, key.value);
    const std::string reason =
        key.isOverflow()
            ? std::string("More values of this meter have no price of their own than are listed.")
            : "No price names this value, so the fallback's price holds for it, if there is one." +
                  (hint ? " Was " + *hint + " meant?" : std::string());
    return {{"unlisted_value",
             key.tenant,
             {{"meter", key.meter.text()}, {"dimension", key.dimension}, {"value", key.value}},
             "unlisted_value",
             reason,
             1,
             row.firstAt,
             row.firstAt},
            key.meter.text() + between + key.dimension + between + key.value};
}

/// Rows one answer looks at: those that the catalogue names by now are passed over.
constexpr std::int64_t mostRows = 10'000;
constexpr std::int64_t rowsAtOnce = 500;

/// Calls take for each value that is unlisted today, behind the place, until it answers false.
template <class Take>
Result<void> walkUnlisted(Work& work, storage::UnlistedFilter filter, const ListedValues& listed,
                          const Take& take)
{
    filter.limit = rowsAtOnce;
    for (std::int64_t rows = 0; rows < mostRows; rows += rowsAtOnce) {
        const auto page = storage::oldestUnlistedValues(work, filter);
        if (!page)
            return page.error();
        for (const storage::UnlistedValue& row : *page) {
            const storage::UnlistedKey& key = row.key;
            const bool isUnlisted =
                key.isOverflow() || listed.isUnlisted(key.meter, key.dimension, key.value);
            if (isUnlisted && !take(row))
                return {};
        }
        if (page->size() < static_cast<std::size_t>(rowsAtOnce))
            return {};
        filter.behind = page->back();
    }
    return {};
}

Result<Found> findUnlisted(Work& work, const AttentionAsked& asked)
{
    const auto parts = partsOf<3>(asked.key);
    storage::UnlistedFilter filter{asked.tenant, {}, 0};
    filter.behind = storage::UnlistedValue{
        {TenantId(asked.tenantText), MeterCode(parts[0]), parts[1], parts[2]}, asked.at};
    const ListedValues listed(asked.today.catalog);
    Found found;
    const auto walked = walkUnlisted(work, filter, listed, [&](const storage::UnlistedValue& row) {
        found.push_back(shown(row, listed));
        return found.size() < static_cast<std::size_t>(asked.limit);
    });
    return walked ? Result<Found>(std::move(found)) : walked.error();
}

Result<std::int64_t> countUnlisted(Work& work, const AttentionToday& today,
                                   const std::optional<TenantId>& tenant)
{
    std::int64_t count = 0;
    const auto walked = walkUnlisted(work, {tenant, {}, 0}, ListedValues(today.catalog),
                                     [&](const storage::UnlistedValue&) { return ++count < mostCounted; });
    return walked ? Result<std::int64_t>(count) : walked.error();
}

} // namespace

AttentionSource conflictSource()
{
    return {"conflict", true, findConflicts, countConflicts};
}

AttentionSource unlistedValueSource()
{
    return {"unlisted_value", true, findUnlisted, countUnlisted};
}

} // namespace billing::api
