// What a usage event says beside its identity, so that two events of one identity can be compared: what a
// conflict shows of each side. Values only, any thread.
#pragma once

#include "shared/model/usage_event.h"

#include <string>
#include <vector>

namespace billing {

struct EventPayload
{
    Instant at;
    std::string metricType;
    Decimal value;
    Dimensions dimensions;

    friend bool operator==(const EventPayload&, const EventPayload&) = default;
};

EventPayload payloadOf(const UsageEvent& event);

/// What differs, as the fields of an event are named: "timestamp", "metric_type", "value",
/// "dimensions.model" (another value, or on one side only). Empty exactly if both are equal.
std::vector<std::string> differences(const EventPayload& a, const EventPayload& b);

} // namespace billing
