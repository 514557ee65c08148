#include "server/intake/validate_event.h"

#include "shared/kernel/local_date.h"
#include "shared/model/nearest_value.h"

namespace billing {

namespace {

LocalDate utcDate(Instant at)
{
    constexpr std::int64_t microsPerDay = 86'400'000'000;
    const std::int64_t hour = at.hour().micros();
    const std::int64_t days = (hour - (hour < 0 ? microsPerDay - 1 : 0)) / microsPerDay;
    return LocalDate::fromDaysSinceEpoch(static_cast<int>(days));
}

bool isBeyondRetention(Instant at, Instant now, int months)
{
    // Whole days in UTC: an identity is kept at least as long as the horizon says.
    return utcDate(at) < utcDate(now).plusMonths(-months);
}

std::string namesOf(const std::vector<std::string>& values)
{
    constexpr std::size_t most = 10;
    std::string names;
    for (std::size_t i = 0; i < values.size() && i < most; ++i)
        names += (i == 0 ? "" : ", ") + values[i];
    if (values.size() > most)
        names += " and " + std::to_string(values.size() - most) + " more";
    return names;
}

Result<void> checkDimensions(const UsageEvent& event, const Meter& meter)
{
    for (const std::string& name : meter.dimensions)
        if (!findDimension(event.dimensions, name))
            return Error{ErrorCode::MissingDimension, "dimensions." + name,
                         "the metric's meter is split by it"};
    for (const AllowedValues& allowed : meter.allowed) {
        const std::string* value = findDimension(event.dimensions, allowed.dimension);
        if (!value || allows(meter, allowed.dimension, *value))
            continue;
        const std::string* meant = nearestValue(allowed.values, *value);
        return Error{ErrorCode::UnknownDimensionValue, "dimensions." + allowed.dimension,
                     meant ? "did you mean " + *meant : "allowed: " + namesOf(allowed.values)};
    }
    return {};
}

} // namespace

Result<void> validateEvent(const UsageEvent& event, const MeterIndex& meters, const TimePolicy& policy,
                           Instant now, Backfill backfill)
{
    const auto listening = meters.ofMetric(event.metricType);
    if (listening.empty())
        return Error{ErrorCode::UnknownMetric, "metric_type", "no active meter counts this metric type"};
    for (const Meter* meter : listening) {
        if (!takes(*meter, event))
            continue;
        if (const auto checked = checkDimensions(event, *meter); !checked)
            return checked;
    }
    if (event.at > now.plus(policy.futureTolerance))
        return Error{ErrorCode::TimestampInFuture, "timestamp", "more than 5 minutes ahead"};
    if (isBeyondRetention(event.at, now, policy.retentionMonths))
        return Error{ErrorCode::BeyondRetention, "timestamp", "older than the retention horizon"};
    if (backfill == Backfill::Refused && event.at < now.minus(policy.pastTolerance))
        return Error{ErrorCode::TimestampTooOld, "timestamp",
                     "older than 35 days needs the scope billing:backfill"};
    return {};
}

} // namespace billing
