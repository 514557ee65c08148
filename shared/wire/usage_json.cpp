#include "shared/wire/usage_json.h"

#include "shared/wire/usage_reader.h"

namespace billing::wire {

namespace {

struct BatchReader
{
    UsageLimits limits;
    EventReader reader = EventReader();
    std::vector<DecodedEvent> events = {};
    std::size_t count = 0;
    bool seen = false;
    std::optional<Error> wrongType = {};
    std::optional<Error> duplicate = {};
    std::optional<Error> unknown = {};

    Read read(ondemand::document& document)
    {
        ondemand::object object;
        if (document.get_object().get(object))
            return Read::Broken;
        for (auto entry : object) {
            ondemand::field field;
            std::string_view name;
            if (std::move(entry).get(field) || field.unescaped_key().get(name))
                return Read::Broken;
            if (name != "events" || seen) {
                reader.passOver();
                if (name == "events")
                    keepFirst(duplicate, ErrorCode::DuplicateKey, "events");
                else
                    keepFirst(unknown, ErrorCode::UnknownField, std::string(name));
                continue;
            }
            seen = true;
            if (readEvents(field.value()) == Read::Broken)
                return Read::Broken;
        }
        return Read::Done;
    }

    Read readEvents(ondemand::value value)
    {
        ondemand::json_type type;
        if (value.type().get(type))
            return Read::Broken;
        if (type != ondemand::json_type::array) {
            reader.passOver();
            keepFirst(wrongType, ErrorCode::WrongType, "events", "expected an array");
            return Read::Done;
        }
        ondemand::array array;
        if (value.get_array().get(array))
            return Read::Broken;
        return readItems(array, limits.maxEvents, count, reader, [&](ondemand::value item) {
            RawEvent raw;
            const Read read = reader.readEvent(item, raw);
            if (read == Read::Done)
                events.push_back(judge(raw));
            return read;
        });
    }

    std::optional<Error> refusal() const
    {
        for (const std::optional<Error>& refused : {wrongType, duplicate, unknown})
            if (refused)
                return refused;
        if (!seen)
            return Error{ErrorCode::MissingField, "events"};
        return refusalOfCount(count, limits.maxEvents, "events");
    }
};

void appendMember(std::string& json, std::string_view name, std::string_view text)
{
    json += ",\"";
    json += name;
    json += "\":";
    appendJsonString(json, text);
}

void appendEvent(std::string& json, const UsageEvent& event)
{
    json += "{\"event_id\":";
    appendJsonString(json, event.eventId);
    if (!event.source.empty())
        appendMember(json, "source", event.source);
    appendMember(json, "tenant_id", event.tenant.text());
    appendMember(json, "metric_type", event.metricType);
    appendMember(json, "value", event.value.toText());
    appendMember(json, "timestamp", event.at.toText());
    json += ",\"dimensions\":{";
    for (const Dimension& dimension : event.dimensions) {
        if (json.back() != '{')
            json += ',';
        appendJsonString(json, dimension.name);
        json += ':';
        appendJsonString(json, dimension.value);
    }
    json += "}}";
}

} // namespace

UsageForm usageFormOf(std::string_view body)
{
    const auto skip = [&](std::string_view wanted) {
        body.remove_prefix(std::min(body.find_first_not_of(" \t\r\n"), body.size()));
        const bool found = body.starts_with(wanted);
        body.remove_prefix(found ? wanted.size() : 0);
        return found;
    };
    return skip("{") && skip("\"events\"") ? UsageForm::Batch : UsageForm::Single;
}

Result<std::vector<DecodedEvent>> decodeUsageBatch(std::string_view body, UsageLimits limits)
{
    if (!startsWith(body, '{'))
        return refusalOfOther(body, "an object");
    BatchReader batch{limits};
    batch.events.reserve(std::min(limits.maxEvents, body.size() / 100 + 1));
    const auto read =
        readBody(body, batch.reader, [&](ondemand::document& document) { return batch.read(document); });
    if (!read)
        return read.error();
    if (auto refused = batch.refusal())
        return *refused;
    return std::move(batch.events);
}

Result<UsageEvent> decodeUsageEvent(std::string_view body, std::optional<std::string_view> idempotencyKey)
{
    if (!startsWith(body, '{'))
        return refusalOfOther(body, "an object");
    EventReader reader;
    DecodedEvent event = ErrorCode::Internal;
    const auto read = readBody(body, reader, [&](ondemand::document& document) {
        RawEvent raw;
        ondemand::object object;
        if (document.get_object().get(object) || reader.readEvent(object, raw) == Read::Broken)
            return Read::Broken;
        if (!raw.texts[EventId])
            raw.texts[EventId] = idempotencyKey;
        event = judge(raw);
        return Read::Done;
    });
    return read ? event : read.error();
}

std::string encodeUsageEvent(const UsageEvent& event)
{
    std::string json;
    appendEvent(json, event);
    return json;
}

std::string encodeUsageBatch(std::span<const UsageEvent> events)
{
    std::string json = "{\"events\":[";
    json.reserve(events.size() * 256 + 16);
    for (const UsageEvent& event : events) {
        if (json.back() == '}')
            json += ',';
        appendEvent(json, event);
    }
    return json + "]}";
}

} // namespace billing::wire
