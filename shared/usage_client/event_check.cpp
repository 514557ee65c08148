#include "shared/usage_client/event_check.h"

#include "shared/kernel/local_date.h"
#include "shared/wire/usage_json.h"

namespace billing::client {

namespace {

LocalDate utcDate(Instant at)
{
    constexpr std::int64_t microsPerDay = 86'400'000'000;
    const std::int64_t hour = at.hour().micros();
    const std::int64_t days = (hour - (hour < 0 ? microsPerDay - 1 : 0)) / microsPerDay;
    return LocalDate::fromDaysSinceEpoch(static_cast<int>(days));
}

/// What the server's reader says to it.
Result<void> checkForm(const UsageEvent& event)
{
    const auto read = [](const UsageEvent& sent) -> Result<void> {
        const auto decoded = wire::decodeUsageEvent(wire::encodeUsageEvent(sent));
        return decoded ? Result<void>() : decoded.error();
    };
    if (!event.eventId.empty())
        return read(event);
    UsageEvent named = event;
    named.eventId = "row";
    return read(named);
}

Result<void> checkMeters(const UsageEvent& event, const MeterIndex& meters)
{
    const auto listening = meters.ofMetric(event.metricType);
    if (listening.empty())
        return Error{ErrorCode::UnknownMetric, "metric_type",
                     "no meter of the price list counts \"" + event.metricType + "\""};
    for (const Meter* meter : listening) {
        if (!takes(*meter, event))
            continue;
        for (const std::string& name : meter->dimensions)
            if (!findDimension(event.dimensions, name))
                return Error{ErrorCode::MissingDimension, "dimensions." + name,
                             "metric \"" + event.metricType + "\" needs the dimension \"" + name + "\""};
    }
    return {};
}

} // namespace

Result<void> checkEvent(const UsageEvent& event, const EventRules& rules)
{
    if (auto form = checkForm(event); !form)
        return form;
    if (rules.meters)
        if (auto known = checkMeters(event, *rules.meters); !known)
            return known;
    if (event.at > rules.now.plus(rules.futureTolerance))
        return Error{ErrorCode::TimestampInFuture, "timestamp", "in the future"};
    if (utcDate(event.at) < utcDate(rules.now).plusMonths(-rules.retentionMonths))
        return Error{ErrorCode::BeyondRetention, "timestamp",
                     "older than " + std::to_string(rules.retentionMonths) + " months"};
    if (!rules.backfill && event.at < rules.now.minus(rules.pastTolerance))
        return Error{ErrorCode::TimestampTooOld, "timestamp", "older than 35 days: only --backfill sends it"};
    return {};
}

} // namespace billing::client
