// Whether the server would take an event now, as far as that can be known before it is sent: its form, by the
// server's own reader, then its metric and declared dimensions, then its time. Pure, any thread.
#pragma once

#include "shared/model/meter_index.h"

#include <chrono>

namespace billing::client {

struct EventRules
{
    Instant now;
    bool backfill = false; ///< events older than pastTolerance are sent too
    int retentionMonths = 84;
    const MeterIndex* meters = nullptr; ///< null: not known, so not looked at
    Duration futureTolerance = std::chrono::minutes(5);
    Duration pastTolerance = std::chrono::hours(24 * 35);
};

/// An event without an id is looked at as if it had one. Refuses what decodeUsageEvent refuses, then
/// UnknownMetric, MissingDimension, TimestampInFuture, BeyondRetention, TimestampTooOld. The subject is a
/// field.
Result<void> checkEvent(const UsageEvent& event, const EventRules& rules);

} // namespace billing::client
