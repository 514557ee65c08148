#include "shared/wire/usage_reader.h"

#include <algorithm>

namespace billing::wire {

Read EventReader::readEvent(ondemand::value value, RawEvent& event)
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

Read EventReader::readEvent(ondemand::object object, RawEvent& event)
{
    for (auto entry : object) {
        ondemand::field field;
        std::string_view name;
        if (std::move(entry).get(field) || field.unescaped_key().get(name))
            return Read::Broken;
        const auto index = static_cast<std::size_t>(std::find(fieldNames.begin(), fieldNames.end(), name) -
                                                    fieldNames.begin());
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

Read EventReader::readText(ondemand::value value, Field field, RawEvent& event)
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
    keepFirst(event.wrongType, ErrorCode::WrongType, std::string(m_names[field]),
              field == Value ? "expected a decimal as a string or a number" : "expected a string");
    return Read::Done;
}

Read EventReader::expect(ondemand::value& value, ondemand::json_type type, std::optional<Error>& refusal,
                         std::string_view subject, bool& matches)
{
    ondemand::json_type found;
    if (value.type().get(found))
        return Read::Broken;
    matches = found == type;
    if (matches)
        return Read::Done;
    m_passedOver = true;
    if (found != ondemand::json_type::null)
        keepFirst(refusal, ErrorCode::WrongType, std::string(subject),
                  type == ondemand::json_type::object ? "expected an object" : "expected a string");
    return Read::Done;
}

Read EventReader::readDimensions(ondemand::value value, RawEvent& event)
{
    bool isObject = false;
    if (expect(value, ondemand::json_type::object, event.wrongType, m_names[DimensionsField], isObject) ==
        Read::Broken)
        return Read::Broken;
    if (!isObject)
        return Read::Done;
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
        keepFirst(event.duplicate, ErrorCode::DuplicateKey,
                  std::string(m_names[DimensionsField]) + "." + twice->name);
    return Read::Done;
}

Read EventReader::readDimension(std::string_view name, ondemand::value value, RawEvent& event)
{
    ondemand::json_type type;
    if (value.type().get(type))
        return Read::Broken;
    if (type != ondemand::json_type::string) {
        m_passedOver = true;
        keepFirst(event.wrongType, ErrorCode::WrongType,
                  std::string(m_names[DimensionsField]) + "." + std::string(name), "expected a string");
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

bool startsWith(std::string_view body, char first)
{
    const std::size_t start = body.find_first_not_of(" \t\r\n");
    return start != std::string_view::npos && body[start] == first;
}

Error refusalOfOther(std::string_view body, std::string_view expected)
{
    const auto checked = checkJson(body);
    return checked ? Error{ErrorCode::WrongType, "body", "expected " + std::string(expected)}
                   : checked.error();
}

std::optional<Error> refusalOfCount(std::size_t count, std::size_t maxItems, std::string_view subject)
{
    if (count == 0)
        return Error{ErrorCode::EmptyBatch, std::string(subject)};
    if (count > maxItems)
        return Error{ErrorCode::TooManyItems, std::string(subject),
                     std::to_string(count) + " events, at most " + std::to_string(maxItems)};
    return std::nullopt;
}

} // namespace billing::wire
