#include "shared/wire/conflict_json.h"

#include "shared/wire/json_reader.h"
#include "shared/wire/json_text.h"

#include <algorithm>

namespace billing::wire {

namespace {

void appendMember(std::string& json, std::string_view name, std::string_view text)
{
    if (json.back() != '{')
        json += ',';
    appendJsonString(json, name);
    json += ':';
    appendJsonString(json, text);
}

/// A member whose value is JSON already.
void appendRaw(std::string& json, std::string_view name, std::string_view value)
{
    json.append(",\"").append(name).append("\":").append(value);
}

std::string encodeSide(const std::optional<ConflictSide>& side)
{
    if (!side)
        return "null";
    std::string json = encodeEventPayload(side->payload);
    json.pop_back();
    appendRaw(json, "position", std::to_string(side->position.number()));
    return json + '}';
}

std::string encodeDifferences(const Conflict& conflict)
{
    if (!conflict.accepted || !conflict.refused)
        return "null";
    std::string json = "[";
    for (const std::string& field : differences(conflict.accepted->payload, conflict.refused->payload)) {
        json += json.size() > 1 ? "," : "";
        appendJsonString(json, field);
    }
    return json + ']';
}

} // namespace

std::string encodeEventPayload(const EventPayload& payload)
{
    std::string json = "{";
    appendMember(json, "timestamp", payload.at.toText());
    appendMember(json, "metric_type", payload.metricType);
    appendMember(json, "value", payload.value.toText());
    std::string dimensions = "{";
    for (const Dimension& dimension : payload.dimensions)
        appendMember(dimensions, dimension.name, dimension.value);
    appendRaw(json, "dimensions", dimensions + '}');
    return json + '}';
}

Result<EventPayload> decodeEventPayload(std::string_view text)
{
    const auto document = JsonDocument::parse(text);
    if (!document)
        return document.error();
    ObjectReader reader(document->root());
    EventPayload payload{reader.requiredInstant("timestamp"),
                         reader.requiredString("metric_type"),
                         reader.requiredDecimal("value"),
                         {}};
    const JsonValue* const dimensions = reader.requiredObject("dimensions");
    if (auto finished = reader.finish(); !finished)
        return finished.error();
    for (const JsonValue::Member& member : dimensions->members()) {
        if (member.value.kind() != JsonKind::String)
            return Error{ErrorCode::WrongType, "dimensions." + member.name};
        payload.dimensions.push_back({member.name, member.value.text()});
    }
    std::sort(payload.dimensions.begin(), payload.dimensions.end());
    return payload;
}

std::string encodeConflict(const Conflict& conflict)
{
    std::string json = "{";
    appendMember(json, "tenant_id", conflict.tenant.text());
    appendMember(json, "source", conflict.source);
    appendMember(json, "event_id", conflict.eventId);
    appendRaw(json, "position", std::to_string(conflict.position.number()));
    if (conflict.noticedAt)
        appendMember(json, "noticed_at", conflict.noticedAt->toText());
    else
        appendRaw(json, "noticed_at", "null");
    appendRaw(json, "accepted", encodeSide(conflict.accepted));
    if (!conflict.accepted)
        appendMember(json, "accepted_missing",
                     conflict.missing == AcceptedMissing::NotFound ? "not_found" : "not_reached");
    appendRaw(json, "refused", encodeSide(conflict.refused));
    appendRaw(json, "differs", encodeDifferences(conflict));
    return json + '}';
}

} // namespace billing::wire
