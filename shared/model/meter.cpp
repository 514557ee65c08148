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

const AllowedValues* allowedValues(const Meter& meter, std::string_view dimension)
{
    const auto found =
        std::find_if(meter.allowed.begin(), meter.allowed.end(),
                     [&](const AllowedValues& allowed) { return allowed.dimension == dimension; });
    return found == meter.allowed.end() ? nullptr : &*found;
}

bool allows(const Meter& meter, std::string_view dimension, std::string_view value)
{
    const AllowedValues* const allowed = allowedValues(meter, dimension);
    return !allowed || std::binary_search(allowed->values.begin(), allowed->values.end(), value);
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
