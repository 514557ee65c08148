#include "shared/model/event_payload.h"

#include <set>

namespace billing {

EventPayload payloadOf(const UsageEvent& event)
{
    return {event.at, event.metricType, event.value, event.dimensions};
}

std::vector<std::string> differences(const EventPayload& a, const EventPayload& b)
{
    std::vector<std::string> fields;
    if (a.at != b.at)
        fields.emplace_back("timestamp");
    if (a.metricType != b.metricType)
        fields.emplace_back("metric_type");
    if (a.value != b.value)
        fields.emplace_back("value");
    std::set<std::string> names;
    for (const Dimensions* dimensions : {&a.dimensions, &b.dimensions})
        for (const Dimension& dimension : *dimensions)
            names.insert(dimension.name);
    for (const std::string& name : names) {
        const std::string* left = findDimension(a.dimensions, name);
        const std::string* right = findDimension(b.dimensions, name);
        if (!left || !right || *left != *right)
            fields.push_back("dimensions." + name);
    }
    return fields;
}

} // namespace billing
