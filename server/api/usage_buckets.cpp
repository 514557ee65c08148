#include "server/api/usage_buckets.h"

#include "shared/calendar/time_zone.h"

#include <algorithm>

namespace billing::api {

namespace {

constexpr std::size_t mostBuckets = 2'000;

Result<Instant> instantOf(const std::optional<std::string>& text, std::string_view name, const TimeZone& zone)
{
    if (!text)
        return Error{ErrorCode::MissingField, std::string(name)};
    const auto date = LocalDate::parse(*text);
    if (date)
        return zone.startOfDay(*date);
    const auto instant = Instant::parse(*text);
    return instant ? instant : Error{instant.error().code, std::string(name), instant.error().detail};
}

Instant nextEdge(Instant at, wire::Granularity granularity, const TimeZone& zone)
{
    if (granularity == wire::Granularity::Hour)
        return at.hour().plus(std::chrono::hours(1));
    const LocalDate day = zone.dateOf(at);
    if (granularity == wire::Granularity::Month)
        return zone.startOfDay(day.plusDays(1 - day.day()).plusMonths(1));
    // A day that never was starts where the next one does: step on until time moves.
    LocalDate next = day.plusDays(1);
    while (zone.startOfDay(next) <= at)
        next = next.plusDays(1);
    return zone.startOfDay(next);
}

} // namespace

Result<InstantRange> rangeOf(const std::optional<std::string>& from, const std::optional<std::string>& to,
                             std::string_view timeZone)
{
    const auto zone = TimeZone::find(timeZone);
    if (!zone)
        return zone.error();
    const auto start = instantOf(from, "from", *zone);
    if (!start)
        return start.error();
    const auto end = instantOf(to, "to", *zone);
    if (!end)
        return end.error();
    if (*end <= *start)
        return Error{ErrorCode::InvalidValue, "to", "must be after from"};
    return InstantRange{*start, *end};
}

Result<std::vector<InstantRange>> bucketsOf(const InstantRange& range, wire::Granularity granularity,
                                            std::string_view timeZone)
{
    if (granularity == wire::Granularity::Total)
        return std::vector<InstantRange>{range};
    const auto zone = TimeZone::find(timeZone);
    if (!zone)
        return zone.error();
    std::vector<InstantRange> buckets;
    for (Instant at = range.start; at < range.end;) {
        if (buckets.size() == mostBuckets)
            return Error{ErrorCode::TooManyItems, "granularity", "more than 2,000 buckets"};
        const Instant edge = std::min(nextEdge(at, granularity, *zone), range.end);
        buckets.push_back({at, edge});
        at = edge;
    }
    return buckets;
}

} // namespace billing::api
