#include "shared/model/meter.h"

#include <algorithm>
#include <array>

namespace billing {

namespace {

constexpr std::array<std::string_view, 6> names{"sum",          "count",  "max",
                                                "unique_count", "latest", "time_weighted"};

} // namespace

std::string_view wireName(Aggregation aggregation)
{
    return names.at(static_cast<std::size_t>(aggregation));
}

Result<Aggregation> parseAggregation(std::string_view wireName)
{
    const auto found = std::find(names.begin(), names.end(), wireName);
    if (found == names.end())
        return Error{ErrorCode::InvalidValue, "aggregation"};
    return static_cast<Aggregation>(found - names.begin());
}

bool takes(const Meter& meter, const UsageEvent& event)
{
    return meter.activity == Activity::Active && meter.metricType == event.metricType &&
           std::all_of(meter.filter.begin(), meter.filter.end(), [&](const Dimension& wanted) {
               const std::string* value = findDimension(event.dimensions, wanted.name);
               return value && *value == wanted.value;
           });
}

const Meter* findMeter(std::span<const Meter> meters, const MeterCode& code)
{
    const Meter* found = nullptr;
    for (const Meter& meter : meters)
        if (meter.code == code && (!found || meter.version > found->version))
            found = &meter;
    return found;
}

} // namespace billing
