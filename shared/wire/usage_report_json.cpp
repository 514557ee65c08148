#include "shared/wire/usage_report_json.h"

#include "shared/wire/form.h"
#include "shared/wire/json_write.h"

namespace billing::wire {

namespace {

constexpr std::array<std::string_view, 4> granularityNames{"hour", "day", "month", "total"};

OrderedJson jsonOf(const UsageBucket& bucket)
{
    return {{"from", bucket.range.start.toText()},
            {"to", bucket.range.end.toText()},
            {"quantity", bucket.quantity.toText()},
            {"events", bucket.events}};
}

OrderedJson jsonOf(const UsageGroup& group)
{
    OrderedJson dimensions = OrderedJson::object();
    for (const Dimension& dimension : group.dimensions)
        dimensions[dimension.name] = dimension.value;
    OrderedJson buckets = OrderedJson::array();
    for (const UsageBucket& bucket : group.buckets)
        buckets.push_back(jsonOf(bucket));
    return {{"dimensions", dimensions},
            {"quantity", group.quantity.toText()},
            {"events", group.events},
            {"buckets", buckets}};
}

InstantRange readRange(ObjectReader& reader)
{
    const Instant from = reader.requiredInstant("from");
    return {from, reader.requiredInstant("to")};
}

void refuseAs(ObjectReader& parent, const ObjectReader& child)
{
    if (auto finished = child.finish(); !finished)
        parent.refuse(finished.error().code, finished.error().subject, finished.error().detail);
}

std::string itemPath(std::string_view array, std::size_t index)
{
    return std::string(array) + "[" + std::to_string(index) + "]";
}

UsageBucket readBucket(ObjectReader& parent, const JsonValue& value, std::size_t index)
{
    ObjectReader reader(value, itemPath("buckets", index));
    UsageBucket bucket{readRange(reader), readTotal(reader, "quantity"), reader.requiredInteger("events")};
    refuseAs(parent, reader);
    return bucket;
}

UsageGroup readGroup(ObjectReader& parent, const JsonValue& value, std::size_t index)
{
    ObjectReader reader(value, itemPath("groups", index));
    UsageGroup group;
    if (const JsonValue* dimensions = reader.requiredObject("dimensions")) {
        ObjectReader names(*dimensions, "dimensions");
        for (const JsonValue::Member& member : dimensions->members())
            group.dimensions.push_back({member.name, names.requiredString(member.name)});
        refuseAs(reader, names);
    }
    group.quantity = readTotal(reader, "quantity");
    group.events = reader.requiredInteger("events");
    if (const JsonValue* buckets = reader.requiredArray("buckets"))
        for (const JsonValue& bucket : buckets->items())
            group.buckets.push_back(readBucket(reader, bucket, group.buckets.size()));
    refuseAs(parent, reader);
    return group;
}

OrderedJson jsonOf(const UsageLimit& limit)
{
    return {{"included", limit.included.toText()},
            {"used", limit.used.toText()},
            {"as_of", limit.asOf.toText()},
            {"state", wireName(limit.state)}};
}

UsageLimit readLimit(ObjectReader& parent, const JsonValue& value)
{
    ObjectReader reader(value, "limit");
    UsageLimit limit{readTotal(reader, "included"), readTotal(reader, "used"),
                     reader.requiredInstant("as_of")};
    const auto state = parseLimitState(reader.requiredString("state"));
    if (state)
        limit.state = *state;
    else
        reader.refuse(state.error().code, "state");
    refuseAs(parent, reader);
    return limit;
}

} // namespace

std::string_view wireName(Granularity granularity)
{
    return granularityNames.at(static_cast<std::size_t>(granularity));
}

Result<Granularity> parseGranularity(std::string_view name)
{
    const auto found = std::find(granularityNames.begin(), granularityNames.end(), name);
    if (found == granularityNames.end())
        return Error{ErrorCode::InvalidValue, "granularity", "expected hour, day, month or total"};
    return static_cast<Granularity>(found - granularityNames.begin());
}

std::string encodeUsageReport(const UsageReport& report)
{
    OrderedJson json{{"tenant_id", report.tenant.text()},           {"metric_type", report.metricType},
                     {"from", report.range.start.toText()},         {"to", report.range.end.toText()},
                     {"granularity", wireName(report.granularity)}, {"as_of", report.asOf.toText()}};
    if (report.position)
        json["position"] = report.position->number();
    if (report.lag)
        json["lag_ms"] = report.lag->count();
    if (report.limit)
        json["limit"] = jsonOf(*report.limit);
    json["groups"] = OrderedJson::array();
    for (const UsageGroup& group : report.groups)
        json["groups"].push_back(jsonOf(group));
    return dump(json);
}

Result<UsageReport> decodeUsageReport(std::string_view text)
{
    const auto document = JsonDocument::parse(text);
    if (!document)
        return document.error();
    ObjectReader reader(document->root());
    UsageReport report{readTenantId(reader), readText(reader, "metric_type", Presence::Required),
                       readRange(reader)};
    const auto granularity = parseGranularity(reader.requiredString("granularity"));
    if (granularity)
        report.granularity = *granularity;
    else
        reader.refuse(granularity.error().code, "granularity", granularity.error().detail);
    report.asOf = reader.requiredInstant("as_of");
    if (reader.has("position"))
        report.position = JournalPosition(reader.requiredInteger("position"));
    if (reader.has("lag_ms"))
        report.lag = std::chrono::milliseconds(reader.requiredInteger("lag_ms"));
    if (const JsonValue* limit = reader.optionalObject("limit"))
        report.limit = readLimit(reader, *limit);
    if (const JsonValue* groups = reader.requiredArray("groups"))
        for (const JsonValue& group : groups->items())
            report.groups.push_back(readGroup(reader, group, report.groups.size()));
    if (auto finished = reader.finish(); !finished)
        return finished.error();
    return report;
}

} // namespace billing::wire
