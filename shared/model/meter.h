// A meter turns events of one metric type into a quantity: which events (filter), how they add up
// (aggregation), and what the total is split by (declared dimensions). Meters are versioned data of the
// catalog, never edited in place.
#pragma once

#include "shared/model/usage_event.h"

#include <span>
#include <vector>

namespace billing {

enum class Aggregation
{
    Sum,
    Count,
    Max,
    UniqueCount,
    Latest,
    TimeWeighted
};

std::string_view
wireName(Aggregation aggregation); ///< "sum", "count", "max", "unique_count", "latest", "time_weighted"
Result<Aggregation> parseAggregation(std::string_view wireName); ///< refuses InvalidValue

enum class Activity
{
    Active,
    Inactive
};

/// The values a dimension may have; an event with any other is rejected, and so cannot be priced by a
/// fallback that was meant for something else.
struct AllowedValues
{
    std::string dimension;           ///< one the meter declares
    std::vector<std::string> values; ///< sorted

    friend bool operator==(const AllowedValues&, const AllowedValues&) = default;
};

struct Meter
{
    MeterCode code;
    int version = 1;
    std::string metricType;
    Aggregation aggregation = Aggregation::Sum;
    Dimensions filter = {}; ///< events must carry all of these values; empty takes every event
    std::vector<std::string> dimensions = {}; ///< declared, sorted; every one must be on the event
    std::string unit = {};                    ///< as printed: "requests", "tokens", "seconds"
    std::string name = {};                    ///< as printed: "API requests"
    Activity activity = Activity::Active;     ///< an inactive meter is loaded but takes no events yet
    std::vector<AllowedValues> allowed = {};  ///< sorted; a dimension that is not here may have any value

    friend bool operator==(const Meter&, const Meter&) = default;
};

/// Whether the meter counts this event: active, same metric type, filter satisfied.
bool takes(const Meter& meter, const UsageEvent& event);

/// Whether the meter allows the dimension that value: it names it, or no values at all.
bool allows(const Meter& meter, std::string_view dimension, std::string_view value);
/// The values the meter allows the dimension, or nullptr when it allows any.
const AllowedValues* allowedValues(const Meter& meter, std::string_view dimension);

/// The highest version of that code, or nullptr.
const Meter* findMeter(std::span<const Meter> meters, const MeterCode& code);

} // namespace billing
