#include "server/api/usage_buckets.h"

#include "shared/calendar/accepted_days.h"
#include "shared/calendar/time_zone.h"

#include <algorithm>

namespace billing::api {

namespace {

constexpr std::size_t mostBuckets = 2'000;

enum class End
{
    From,
    To
};

Result<Instant> instantOf(const std::optional<std::string>& text, End end, const TimeZone& zone)
{
    const std::string_view name = end == End::From ? "from" : "to";
    if (!text)
        return Error{ErrorCode::MissingField, std::string(name)};
    if (const auto date = LocalDate::parse(*text)) {
        const auto accepted = end == End::From ? acceptedDay(*date, name) : acceptedEndDay(*date, name);
        return accepted ? Result<Instant>(zone.startOfDay(*accepted)) : accepted.error();
    }
    const auto instant = Instant::parse(*text);
    return instant ? acceptedInstant(*instant, name)
                   : Error{instant.error().code, std::string(name), instant.error().detail};
}

/// The first hour, day or month that starts behind `at`; not behind it only where the calendar ends.
Instant nextEdge(Instant at, wire::Granularity granularity, const TimeZone& zone)
{
    if (granularity == wire::Granularity::Hour)
        return at.hour().plus(std::chrono::hours(1));
    const LocalDate day = zone.dateOf(at);
    const auto later = [&](int count) {
        return zone.startOfDay(granularity == wire::Granularity::Month
                                   ? day.plusDays(1 - day.day()).plusMonths(count)
                                   : day.plusDays(count));
    };
    // Where the clock goes back over midnight the next day, or month, has begun already and goes on.
    return later(1) > at ? later(1) : later(2);
}

} // namespace

Result<InstantRange> rangeOf(const std::optional<std::string>& from, const std::optional<std::string>& to,
                             std::string_view timeZone)
{
    const auto zone = TimeZone::find(timeZone);
    if (!zone)
        return zone.error();
    const auto start = instantOf(from, End::From, *zone);
    if (!start)
        return start.error();
    const auto end = instantOf(to, End::To, *zone);
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
            return Error{ErrorCode::RangeTooLarge, "granularity", "more than 2,000 buckets"};
        const Instant edge = std::min(nextEdge(at, granularity, *zone), range.end);
        if (edge <= at) { // where the calendar ends there is no next one
            buckets.push_back({at, range.end});
            break;
        }
        buckets.push_back({at, edge});
        at = edge;
    }
    return buckets;
}

} // namespace billing::api
