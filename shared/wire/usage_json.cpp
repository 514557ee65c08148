#include "shared/wire/usage_json.h"

#include "shared/wire/json_reader.h"
#include "shared/wire/json_text.h"
#include "shared/wire/raw_usage_event.h"

#include <simdjson.h>

namespace billing::wire {

namespace {

namespace ondemand = simdjson::ondemand;

/// Bodies beyond it get a parser of their own, so that one large batch does not stay in memory for ever.
constexpr std::size_t keptParserBytes = 1 << 20;

/// Whether the reading itself went well; what is wrong with a well-formed event is kept in RawEvent.
enum class Read
{
    Done,
    Broken
};

class EventReader
{
public:
    /// True when some value was passed over: simdjson has not looked inside it.
    bool passedOver() const { return m_passedOver; }

    Read readEvent(ondemand::value value, RawEvent& event)
    {
        ondemand::object object;
        ondemand::json_type type;
        if (value.type().get(type))
            return Read::Broken;
        if (type != ondemand::json_type::object) {
            m_passedOver = true;
            keepFirst(event.wrongType, ErrorCode::WrongType, "event", "expected an object");
            return Read::Done;
        }
        return value.get_object().get(object) ? Read::Broken : readEvent(object, event);
    }

    Read readEvent(ondemand::object object, RawEvent& event)
    {
        for (auto entry : object) {
            ondemand::field field;
            std::string_view name;
            if (std::move(entry).get(field) || field.unescaped_key().get(name))
                return Read::Broken;
            const auto index = static_cast<std::size_t>(
                std::find(fieldNames.begin(), fieldNames.end(), name) - fieldNames.begin());
            if (index == FieldCount || event.seen[index]) {
                m_passedOver = true;
                if (index == FieldCount)
                    keepFirst(event.unknown, ErrorCode::UnknownField, std::string(name));
                else
                    keepFirst(event.duplicate, ErrorCode::DuplicateKey, std::string(name));
                continue;
            }
            event.seen[index] = true;
            const Read read = index == DimensionsField
                                  ? readDimensions(field.value(), event)
                                  : readText(field.value(), static_cast<Field>(index), event);
            if (read == Read::Broken)
                return Read::Broken;
        }
        return Read::Done;
    }

    void passOver() { m_passedOver = true; }

private:
    Read readText(ondemand::value value, Field field, RawEvent& event)
    {
        ondemand::json_type type;
        if (value.type().get(type))
            return Read::Broken;
        if (type == ondemand::json_type::string) {
            std::string_view text;
            if (value.get_string().get(text))
                return Read::Broken;
            event.texts[field] = text;
            return Read::Done;
        }
        const bool isNumber = type == ondemand::json_type::number;
        if ((isNumber && field == Value) || type == ondemand::json_type::null) {
            const std::string_view token = withoutTrailingSpace(value.raw_json_token());
            if (isNumber)
                event.texts[field] = token;
            return (isNumber ? isJsonNumber(token) : token == "null") ? Read::Done : Read::Broken;
        }
        m_passedOver = true;
        keepFirst(event.wrongType, ErrorCode::WrongType, std::string(fieldNames[field]),
                  field == Value ? "expected a decimal as a string or a number" : "expected a string");
        return Read::Done;
    }

    Read readDimensions(ondemand::value value, RawEvent& event)
    {
        ondemand::json_type type;
        if (value.type().get(type))
            return Read::Broken;
        if (type != ondemand::json_type::object) {
            m_passedOver = true;
            if (type != ondemand::json_type::null)
                keepFirst(event.wrongType, ErrorCode::WrongType, "dimensions", "expected an object");
            return Read::Done;
        }
        ondemand::object object;
        if (value.get_object().get(object))
            return Read::Broken;
        for (auto entry : object) {
            ondemand::field field;
            std::string_view name;
            if (std::move(entry).get(field) || field.unescaped_key().get(name) ||
                readDimension(name, field.value(), event) == Read::Broken)
                return Read::Broken;
        }
        std::sort(event.dimensions.begin(), event.dimensions.end());
        const auto twice = std::adjacent_find(event.dimensions.begin(), event.dimensions.end(),
                                              [](const auto& a, const auto& b) { return a.name == b.name; });
        if (twice != event.dimensions.end())
            keepFirst(event.duplicate, ErrorCode::DuplicateKey, "dimensions." + twice->name);
        return Read::Done;
    }

    Read readDimension(std::string_view name, ondemand::value value, RawEvent& event)
    {
        ondemand::json_type type;
        if (value.type().get(type))
            return Read::Broken;
        if (type != ondemand::json_type::string) {
            m_passedOver = true;
            keepFirst(event.wrongType, ErrorCode::WrongType, "dimensions." + std::string(name),
                      "expected a string");
            return Read::Done;
        }
        std::string_view text;
        if (value.get_string().get(text))
            return Read::Broken;
        event.tooManyDimensions = event.tooManyDimensions || event.dimensions.size() == maxDimensions;
        if (!event.tooManyDimensions)
            event.dimensions.push_back({std::string(name), std::string(text)});
        return Read::Done;
    }

    bool m_passedOver = false;
};

/// A body with the padding simdjson wants, and the parser that reads it.
struct Parsing
{
    std::string padded;
    ondemand::parser parser;

    bool open(std::string_view body, ondemand::document& document)
    {
        padded.assign(body);
        padded.append(simdjson::SIMDJSON_PADDING, ' ');
        return !parser.iterate(padded.data(), body.size(), padded.size()).get(document);
    }
};

/// Calls read(document) with the body opened. Refuses InvalidUtf8, TooDeep, MalformedJson: read says whether
/// the body is broken, and reader whether parts of it were passed over, which are then looked at strictly.
template <class ReadDocument>
Result<void> readBody(std::string_view body, const EventReader& reader, ReadDocument&& read)
{
    static thread_local Parsing kept;
    std::unique_ptr<Parsing> own = body.size() > keptParserBytes ? std::make_unique<Parsing>() : nullptr;
    Parsing& parsing = own ? *own : kept;

    ondemand::document document;
    const char* rest = nullptr;
    const bool done = !body.starts_with("\xEF\xBB\xBF") && parsing.open(body, document) &&
                      read(document) == Read::Done &&
                      document.current_location().get(rest) == simdjson::OUT_OF_BOUNDS;
    if (done && !reader.passedOver())
        return {};
    if (auto checked = checkJson(body); !checked)
        return checked.error();
    return done ? Result<void>() : Error{ErrorCode::MalformedJson, "body"};
}

bool startsObject(std::string_view body)
{
    const std::size_t start = body.find_first_not_of(" \t\r\n");
    return start != std::string_view::npos && body[start] == '{';
}

/// A well-formed body that is no object is of the wrong type; anything else is refused as what it is.
Error refusalOfNonObject(std::string_view body)
{
    const auto checked = checkJson(body);
    return checked ? Error{ErrorCode::WrongType, "body", "expected an object"} : checked.error();
}

struct BatchReader
{
    UsageLimits limits;
    EventReader reader = {};
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
        for (auto element : array) {
            ondemand::value item;
            if (std::move(element).get(item))
                return Read::Broken;
            if (++count > limits.maxEvents) {
                reader.passOver();
                continue;
            }
            RawEvent raw;
            if (reader.readEvent(item, raw) == Read::Broken)
                return Read::Broken;
            events.push_back(judge(raw));
        }
        return Read::Done;
    }

    std::optional<Error> refusal() const
    {
        for (const std::optional<Error>& refused : {wrongType, duplicate, unknown})
            if (refused)
                return refused;
        if (!seen)
            return Error{ErrorCode::MissingField, "events"};
        if (count == 0)
            return Error{ErrorCode::EmptyBatch, "events"};
        if (count > limits.maxEvents)
            return Error{ErrorCode::TooManyItems, "events",
                         std::to_string(count) + " events, at most " + std::to_string(limits.maxEvents)};
        return std::nullopt;
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
    if (!startsObject(body))
        return refusalOfNonObject(body);
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
    if (!startsObject(body))
        return refusalOfNonObject(body);
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
