#include "shared/wire/cloud_event_json.h"

#include "shared/wire/media_type.h"
#include "shared/wire/usage_reader.h"

#include <algorithm>

namespace billing::wire {

namespace {

constexpr std::array<std::string_view, FieldCount> cloudNames{
    "id", "source", "subject", "type", "data.value", "time", "data.dimensions"};

constexpr std::size_t mostExtensions = 64;

/// The attributes that are a field of ours.
constexpr std::array<std::pair<std::string_view, Field>, 5> attributes{{
    {"id", EventId},
    {"source", Source},
    {"subject", TenantField},
    {"type", MetricType},
    {"time", Timestamp},
}};

/// What one CloudEvent's text held, before it is judged.
struct RawCloudEvent
{
    RawEvent event = {}; ///< its dimensions are those of data
    Dimensions extensions = {};
    bool tooManyExtensions = false;
    std::optional<std::string_view> specVersion = {};
    std::optional<std::string_view> contentType = {};
    std::optional<std::string_view> schema = {};
    bool seenSpecVersion = false;
    bool seenContentType = false;
    bool seenSchema = false;
    bool seenData = false;
    bool hasData = false;
};

bool isExtensionName(std::string_view name)
{
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    });
}

bool isWholeNumber(std::string_view token)
{
    return isJsonNumber(token) && token.find_first_of(".eE") == std::string_view::npos;
}

class CloudEventReader
{
public:
    EventReader& fields() { return m_fields; }

    Read readEvent(ondemand::value value, RawCloudEvent& cloud)
    {
        bool isObject = false;
        ondemand::object object;
        if (m_fields.expect(value, ondemand::json_type::object, cloud.event.wrongType, "event", isObject) ==
            Read::Broken)
            return Read::Broken;
        if (!isObject) { // null is no event either
            keepFirst(cloud.event.wrongType, ErrorCode::WrongType, "event", "expected an object");
            return Read::Done;
        }
        return value.get_object().get(object) ? Read::Broken : readEvent(object, cloud);
    }

    Read readEvent(ondemand::object object, RawCloudEvent& cloud)
    {
        for (auto entry : object) {
            ondemand::field field;
            std::string_view name;
            if (std::move(entry).get(field) || field.unescaped_key().get(name) ||
                readAttribute(name, field.value(), cloud) == Read::Broken)
                return Read::Broken;
        }
        return Read::Done;
    }

private:
    Read readAttribute(std::string_view name, ondemand::value value, RawCloudEvent& cloud)
    {
        for (const auto& [attribute, field] : attributes)
            if (name == attribute)
                return isFirst(cloud.event.seen[field], name, cloud)
                           ? m_fields.readText(value, field, cloud.event)
                           : Read::Done;
        if (name == "specversion")
            return isFirst(cloud.seenSpecVersion, name, cloud)
                       ? readString(value, name, cloud.specVersion, cloud)
                       : Read::Done;
        if (name == "datacontenttype")
            return isFirst(cloud.seenContentType, name, cloud)
                       ? readString(value, name, cloud.contentType, cloud)
                       : Read::Done;
        if (name == "dataschema")
            return isFirst(cloud.seenSchema, name, cloud) ? readString(value, name, cloud.schema, cloud)
                                                          : Read::Done;
        if (name == "data")
            return isFirst(cloud.seenData, name, cloud) ? readData(value, cloud) : Read::Done;
        if (isExtensionName(name))
            return readExtension(std::string(name), value, cloud);
        m_fields.passOver();
        keepFirst(cloud.event.unknown, ErrorCode::UnknownField, std::string(name));
        return Read::Done;
    }

    bool isFirst(bool& seen, std::string_view name, RawCloudEvent& cloud)
    {
        if (!std::exchange(seen, true))
            return true;
        m_fields.passOver();
        keepFirst(cloud.event.duplicate, ErrorCode::DuplicateKey, std::string(name));
        return false;
    }

    Read readString(ondemand::value value, std::string_view name, std::optional<std::string_view>& text,
                    RawCloudEvent& cloud)
    {
        bool isString = false;
        std::string_view read;
        if (m_fields.expect(value, ondemand::json_type::string, cloud.event.wrongType, name, isString) ==
            Read::Broken)
            return Read::Broken;
        if (!isString)
            return Read::Done;
        if (value.get_string().get(read))
            return Read::Broken;
        text = read;
        return Read::Done;
    }

    Read readData(ondemand::value value, RawCloudEvent& cloud)
    {
        ondemand::object object;
        if (m_fields.expect(value, ondemand::json_type::object, cloud.event.wrongType, "data",
                            cloud.hasData) == Read::Broken)
            return Read::Broken;
        if (!cloud.hasData)
            return Read::Done;
        if (value.get_object().get(object))
            return Read::Broken;
        for (auto entry : object) {
            ondemand::field field;
            std::string_view name;
            if (std::move(entry).get(field) || field.unescaped_key().get(name) ||
                readDatum(std::string(name), field.value(), cloud) == Read::Broken)
                return Read::Broken;
        }
        return Read::Done;
    }

    Read readDatum(const std::string& name, ondemand::value value, RawCloudEvent& cloud)
    {
        RawEvent& event = cloud.event;
        if (name == "value")
            return isFirst(event.seen[Value], "data.value", cloud) ? m_fields.readText(value, Value, event)
                                                                   : Read::Done;
        if (name == "dimensions")
            return isFirst(event.seen[DimensionsField], "data.dimensions", cloud)
                       ? m_fields.readDimensions(value, event)
                       : Read::Done;
        m_fields.passOver();
        keepFirst(event.unknown, ErrorCode::UnknownField, "data." + name);
        return Read::Done;
    }

    Read readExtension(std::string name, ondemand::value value, RawCloudEvent& cloud)
    {
        ondemand::json_type type;
        if (value.type().get(type))
            return Read::Broken;
        std::string_view text;
        bool fits = true;
        if (type == ondemand::json_type::string) {
            if (value.get_string().get(text))
                return Read::Broken;
        } else if (type == ondemand::json_type::object || type == ondemand::json_type::array) {
            fits = false;
        } else {
            text = withoutTrailingSpace(value.raw_json_token());
            if (text == "null")
                return Read::Done;
            if (text != "true" && text != "false" && !isJsonNumber(text))
                return Read::Broken;
            fits = type == ondemand::json_type::boolean || isWholeNumber(text);
        }
        if (!fits) {
            m_fields.passOver();
            keepFirst(cloud.event.wrongType, ErrorCode::WrongType, std::move(name),
                      "expected a string, a boolean or a whole number");
            return Read::Done;
        }
        if (cloud.extensions.size() == mostExtensions)
            cloud.tooManyExtensions = true;
        else
            cloud.extensions.push_back({std::move(name), std::string(text)});
        return Read::Done;
    }

    EventReader m_fields{cloudNames};
};

/// A refusal of our own form's, with its subject as CloudEvents calls it.
Error named(const RawCloudEvent& cloud, Error error)
{
    constexpr std::string_view dimensions = "dimensions.";
    if (error.subject.starts_with(dimensions)) {
        const std::string name = error.subject.substr(dimensions.size());
        const bool isExtension = std::any_of(cloud.extensions.begin(), cloud.extensions.end(),
                                             [&](const Dimension& one) { return one.name == name; });
        error.subject = isExtension ? name : "data." + error.subject;
        return error;
    }
    const auto field = std::find(fieldNames.begin(), fieldNames.end(), error.subject);
    if (field != fieldNames.end())
        error.subject = cloudNames.at(static_cast<std::size_t>(field - fieldNames.begin()));
    return error;
}

/// Sorts the dimensions; two of one name are a duplicate key.
void sortOnce(Dimensions& dimensions, std::optional<Error>& duplicate)
{
    std::sort(dimensions.begin(), dimensions.end());
    const auto twice = std::adjacent_find(dimensions.begin(), dimensions.end(),
                                          [](const auto& a, const auto& b) { return a.name == b.name; });
    if (twice != dimensions.end())
        keepFirst(duplicate, ErrorCode::DuplicateKey, twice->name);
}

/// Extensions that a meter reads join the dimensions of data; the others mean nothing here.
void mergeExtensions(RawCloudEvent& cloud, const MeterIndex& meters)
{
    RawEvent& event = cloud.event;
    sortOnce(cloud.extensions, event.duplicate);
    const std::string_view metric = event.texts[MetricType].value_or("");
    std::erase_if(cloud.extensions, [&](const Dimension& one) { return !meters.reads(metric, one.name); });
    if (cloud.extensions.empty())
        return;
    event.dimensions.insert(event.dimensions.end(), cloud.extensions.begin(), cloud.extensions.end());
    sortOnce(event.dimensions, event.duplicate);
    event.tooManyDimensions = event.tooManyDimensions || event.dimensions.size() > maxDimensions;
}

std::optional<Error> refusalOfDescription(const RawCloudEvent& cloud)
{
    if (*cloud.specVersion != "1.0")
        return Error{ErrorCode::InvalidValue, "specversion", "expected 1.0"};
    if (cloud.contentType) {
        const auto media = parseMediaType(*cloud.contentType);
        if (!media || !media->isJson())
            return Error{ErrorCode::InvalidValue, "datacontenttype", "expected application/json"};
        if (const auto charset = media->foreignCharset())
            return Error{ErrorCode::InvalidValue, "datacontenttype",
                         "the charset must be utf-8, not " + excerpt(*charset, 40)};
    }
    if (cloud.schema && cloud.schema->empty())
        return Error{ErrorCode::InvalidValue, "dataschema", "expected a URI"};
    return std::nullopt;
}

std::optional<Error> refusalOfEnvelope(const RawCloudEvent& cloud)
{
    const RawEvent& event = cloud.event;
    for (const std::optional<Error>& refused : {event.wrongType, event.duplicate, event.unknown})
        if (refused)
            return refused;
    if (cloud.tooManyExtensions)
        return Error{ErrorCode::TooManyItems, "event",
                     "more than " + std::to_string(mostExtensions) + " extensions"};
    for (const auto& [name, field] : attributes)
        if (!event.texts[field])
            return Error{ErrorCode::MissingField, std::string(name)};
    if (!cloud.specVersion)
        return Error{ErrorCode::MissingField, "specversion"};
    if (!cloud.hasData)
        return Error{ErrorCode::MissingField, "data"};
    if (auto refused = refusalOfDescription(cloud))
        return refused;
    if (event.texts[Source]->empty())
        return Error{ErrorCode::InvalidValue, "source", "expected 1 to 128 bytes"};
    return std::nullopt;
}

DecodedEvent judge(RawCloudEvent& cloud, const MeterIndex& meters)
{
    mergeExtensions(cloud, meters);
    if (auto refused = refusalOfEnvelope(cloud))
        return *refused;
    auto event = judge(cloud.event);
    return event ? std::move(event) : DecodedEvent(named(cloud, event.error()));
}

} // namespace

Result<std::vector<DecodedEvent>> decodeCloudEventBatch(std::string_view body, const MeterIndex& meters,
                                                        UsageLimits limits)
{
    if (!startsWith(body, '['))
        return refusalOfOther(body, "an array");
    CloudEventReader reader;
    std::vector<DecodedEvent> events;
    std::size_t count = 0;
    const auto readEvent = [&](ondemand::value item) {
        RawCloudEvent raw;
        const Read read = reader.readEvent(item, raw);
        if (read == Read::Done)
            events.push_back(judge(raw, meters));
        return read;
    };
    const auto read = readBody(body, reader.fields(), [&](ondemand::document& document) {
        ondemand::array array;
        if (document.get_array().get(array))
            return Read::Broken;
        return readItems(array, limits.maxEvents, count, reader.fields(), readEvent);
    });
    if (!read)
        return read.error();
    if (auto refused = refusalOfCount(count, limits.maxEvents, "body"))
        return *refused;
    return events;
}

Result<UsageEvent> decodeCloudEvent(std::string_view body, const MeterIndex& meters,
                                    std::optional<std::string_view> idempotencyKey)
{
    if (!startsWith(body, '{'))
        return refusalOfOther(body, "an object");
    CloudEventReader reader;
    DecodedEvent event = ErrorCode::Internal;
    const auto read = readBody(body, reader.fields(), [&](ondemand::document& document) {
        RawCloudEvent raw;
        ondemand::object object;
        if (document.get_object().get(object) || reader.readEvent(object, raw) == Read::Broken)
            return Read::Broken;
        if (!raw.event.texts[EventId])
            raw.event.texts[EventId] = idempotencyKey;
        event = judge(raw, meters);
        return Read::Done;
    });
    return read ? event : read.error();
}

} // namespace billing::wire
