// Whether one well-formed event may be recorded now: pure, no storage. A valid event is never refused for a
// limit.
#pragma once

#include "shared/model/meter_index.h"
#include "shared/model/usage_event.h"

namespace billing {

enum class Backfill
{
    Refused,
    Allowed
};

struct TimePolicy
{
    Duration futureTolerance = std::chrono::minutes(5);
    Duration pastTolerance = std::chrono::hours(24 * 35);
    int retentionMonths = 84; ///< identities live as long, so nothing older can be told from a repeat
};

/// Refuses, in order: UnknownMetric; MissingDimension, then UnknownDimensionValue, per meter
/// (subject: "dimensions.model"; the detail names the value that was probably meant, or what is allowed,
/// never what was sent); TimestampInFuture; BeyondRetention; TimestampTooOld (only when backfill is refused).
Result<void> validateEvent(const UsageEvent& event, const MeterIndex& meters, const TimePolicy& policy,
                           Instant now, Backfill backfill);

} // namespace billing
