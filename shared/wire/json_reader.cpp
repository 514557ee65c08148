#include "shared/wire/json_reader.h"

#include "shared/wire/json_text.h"

#include <charconv>
#include <simdjson.h>

namespace billing::wire {

namespace ondemand = simdjson::ondemand;

namespace {

/// A text opened by simdjson, wrapped in brackets: then a lone scalar is read like any value, and trailing
/// text is a second element or a second document.
class WrappedText
{
public:
    explicit WrappedText(std::string_view text)
        : m_padded(text.size() + 2)
    {
        m_padded.data()[0] = '[';
        std::copy(text.begin(), text.end(), m_padded.data() + 1);
        m_padded.data()[text.size() + 1] = ']';
    }

    /// False unless the text is one value that read says is well-formed.
    template <class Read>
    bool readRoot(Read&& read)
    {
        ondemand::document document;
        ondemand::array wrapped;
        if (m_parser.iterate(m_padded).get(document) || document.get_array().get(wrapped))
            return false;
        std::size_t count = 0;
        for (auto element : wrapped) {
            ondemand::value value;
            if (++count > 1 || std::move(element).get(value) || !read(value))
                return false;
        }
        const char* rest = nullptr;
        return count == 1 && document.current_location().get(rest) == simdjson::OUT_OF_BOUNDS;
    }

private:
    simdjson::padded_string m_padded;
    ondemand::parser m_parser;
};

bool startsWithByteOrderMark(std::string_view text)
{
    return text.starts_with("\xEF\xBB\xBF");
}

Result<void> checkBytes(std::string_view text)
{
    if (!simdjson::validate_utf8(text.data(), text.size()))
        return Error{ErrorCode::InvalidUtf8, "body"};
    if (nestsDeeperThan(text, JsonDocument::depthLimit))
        return Error{ErrorCode::TooDeep, "body"};
    return {};
}

bool isScalar(std::string_view token)
{
    return token == "true" || token == "false" || token == "null" || isJsonNumber(token);
}

/// The recursion is bounded by checkBytes.
bool isWellFormed(ondemand::value value)
{
    ondemand::object object;
    ondemand::array array;
    std::string_view string;
    ondemand::json_type type;
    if (value.type().get(type))
        return false;
    if (type == ondemand::json_type::string)
        return !value.get_string().get(string);
    if (type == ondemand::json_type::object) {
        if (value.get_object().get(object))
            return false;
        for (auto entry : object) {
            ondemand::field field;
            if (std::move(entry).get(field) || field.unescaped_key().get(string) ||
                !isWellFormed(field.value()))
                return false;
        }
        return true;
    }
    if (type != ondemand::json_type::array)
        return isScalar(withoutTrailingSpace(value.raw_json_token()));
    if (value.get_array().get(array))
        return false;
    for (auto element : array) {
        ondemand::value item;
        if (std::move(element).get(item) || !isWellFormed(item))
            return false;
    }
    return true;
}

} // namespace

Result<void> checkJson(std::string_view text)
{
    if (auto checked = checkBytes(text); !checked)
        return checked.error();
    if (startsWithByteOrderMark(text) || !WrappedText(text).readRoot(isWellFormed))
        return Error{ErrorCode::MalformedJson, "body"};
    return {};
}

/// Copies simdjson's lazy document into a tree, so that every part of it has been looked at.
class JsonBuilder
{
public:
    static Result<JsonValue> build(std::string_view text)
    {
        if (auto checked = checkBytes(text); !checked)
            return checked.error();
        JsonBuilder builder;
        JsonValue root;
        const auto read = [&](ondemand::value value) { return builder.read(value, root); };
        const bool wellFormed = !startsWithByteOrderMark(text) && WrappedText(text).readRoot(read);
        if (builder.m_values > JsonDocument::valueLimit)
            return Error{ErrorCode::TooManyItems, "body"};
        if (!wellFormed)
            return Error{ErrorCode::MalformedJson, "body"};
        if (builder.m_duplicate)
            return Error{ErrorCode::DuplicateKey, *builder.m_duplicate};
        return root;
    }

private:
    // Each says whether the text was JSON, and not too much of it.

    bool read(ondemand::value value, JsonValue& node)
    {
        ondemand::json_type type;
        if (++m_values > JsonDocument::valueLimit || value.type().get(type))
            return false;
        switch (type) {
        case ondemand::json_type::object:
            return readObject(value, node);
        case ondemand::json_type::array:
            return readArray(value, node);
        case ondemand::json_type::string:
            node.m_kind = JsonKind::String;
            return readString(value.get_string(), node.m_text);
        default:
            return readToken(withoutTrailingSpace(value.raw_json_token()), node);
        }
    }

    bool readObject(ondemand::value value, JsonValue& node)
    {
        node.m_kind = JsonKind::Object;
        ondemand::object object;
        if (value.get_object().get(object))
            return false;
        for (auto entry : object) {
            ondemand::field field;
            if (std::move(entry).get(field))
                return false;
            JsonValue::Member& member = node.m_members.emplace_back();
            if (!readString(field.unescaped_key(), member.name) || !read(field.value(), member.value))
                return false;
        }
        noteDuplicate(node.m_members);
        return true;
    }

    bool readArray(ondemand::value value, JsonValue& node)
    {
        node.m_kind = JsonKind::Array;
        ondemand::array array;
        if (value.get_array().get(array))
            return false;
        for (auto element : array) {
            ondemand::value item;
            if (std::move(element).get(item) || !read(item, node.m_items.emplace_back()))
                return false;
        }
        return true;
    }

    static bool readString(simdjson::simdjson_result<std::string_view> read, std::string& text)
    {
        std::string_view content;
        if (std::move(read).get(content) || content.find('\0') != std::string_view::npos)
            return false;
        text = content;
        return true;
    }

    static bool readToken(std::string_view token, JsonValue& node)
    {
        if (token == "true" || token == "false") {
            node.m_kind = JsonKind::Bool;
            node.m_boolean = token == "true";
            return true;
        }
        if (token == "null")
            return true;
        node.m_kind = JsonKind::Number;
        node.m_text = token;
        return isJsonNumber(token);
    }

    void noteDuplicate(const std::vector<JsonValue::Member>& members)
    {
        std::vector<std::string_view> names;
        names.reserve(members.size());
        for (const JsonValue::Member& member : members)
            names.push_back(member.name);
        std::sort(names.begin(), names.end());
        const auto found = std::adjacent_find(names.begin(), names.end());
        if (found != names.end() && !m_duplicate)
            m_duplicate = std::string(*found);
    }

    std::size_t m_values = 0;
    std::optional<std::string> m_duplicate;
};

Result<JsonDocument> JsonDocument::parse(std::string_view text)
{
    auto root = JsonBuilder::build(text);
    if (!root)
        return root.error();
    JsonDocument document;
    document.m_root = std::make_shared<const JsonValue>(std::move(*root));
    return document;
}

ObjectReader::ObjectReader(const JsonValue& object, std::string path)
    : m_object(&object)
    , m_path(std::move(path))
    , m_read(object.members().size(), false)
{
    if (object.kind() != JsonKind::Object)
        m_error = Error{ErrorCode::WrongType, m_path.empty() ? "body" : m_path, "expected an object"};
}

bool ObjectReader::has(std::string_view name) const
{
    return std::any_of(m_object->members().begin(), m_object->members().end(),
                       [&](const JsonValue::Member& member) {
                           return member.name == name && member.value.kind() != JsonKind::Null;
                       });
}

const JsonValue* ObjectReader::take(std::string_view name)
{
    const auto& members = m_object->members();
    const auto found = std::find_if(members.begin(), members.end(),
                                    [&](const JsonValue::Member& member) { return member.name == name; });
    if (found == members.end())
        return nullptr;
    m_read[static_cast<std::size_t>(found - members.begin())] = true;
    return found->value.kind() == JsonKind::Null ? nullptr : &found->value;
}

const JsonValue* ObjectReader::optional(std::string_view name, JsonKind kind)
{
    static constexpr std::array<std::string_view, 6> expected{"null",     "a boolean", "a number",
                                                              "a string", "an array",  "an object"};
    const JsonValue* value = take(name);
    if (!value || value->kind() == kind)
        return value;
    refuse(ErrorCode::WrongType, name,
           "expected " + std::string(expected.at(static_cast<std::size_t>(kind))));
    return nullptr;
}

const JsonValue* ObjectReader::required(std::string_view name, JsonKind kind)
{
    if (!has(name))
        refuse(ErrorCode::MissingField, name);
    return optional(name, kind);
}

std::string ObjectReader::requiredString(std::string_view name)
{
    const JsonValue* value = required(name, JsonKind::String);
    return value ? value->text() : std::string();
}

std::string ObjectReader::optionalString(std::string_view name, std::string_view otherwise)
{
    const JsonValue* value = optional(name, JsonKind::String);
    return value ? value->text() : std::string(otherwise);
}

std::int64_t ObjectReader::requiredInteger(std::string_view name)
{
    if (!has(name))
        refuse(ErrorCode::MissingField, name);
    return optionalInteger(name, 0);
}

std::int64_t ObjectReader::optionalInteger(std::string_view name, std::int64_t otherwise)
{
    const JsonValue* value = optional(name, JsonKind::Number);
    if (!value)
        return otherwise;
    std::int64_t number = 0;
    const char* const end = value->text().data() + value->text().size();
    const auto [stop, problem] = std::from_chars(value->text().data(), end, number);
    if (problem != std::errc() || stop != end) {
        refuse(ErrorCode::InvalidValue, name, "expected a whole number of 64 bits");
        return 0;
    }
    return number;
}

bool ObjectReader::optionalBool(std::string_view name, bool otherwise)
{
    const JsonValue* value = optional(name, JsonKind::Bool);
    return value ? value->boolean() : otherwise;
}

Decimal ObjectReader::requiredDecimal(std::string_view name)
{
    if (!has(name))
        refuse(ErrorCode::MissingField, name);
    return optionalDecimal(name).value_or(Decimal());
}

std::optional<Decimal> ObjectReader::optionalDecimal(std::string_view name)
{
    const JsonValue* value = take(name);
    if (!value)
        return std::nullopt;
    if (value->kind() != JsonKind::String && value->kind() != JsonKind::Number) {
        refuse(ErrorCode::WrongType, name, "expected a decimal as a string or a number");
        return std::nullopt;
    }
    const auto decimal = Decimal::parse(value->text());
    if (decimal)
        return *decimal;
    refuse(decimal.error().code, name, decimal.error().detail);
    return std::nullopt;
}

LocalDate ObjectReader::requiredDate(std::string_view name)
{
    if (!has(name))
        refuse(ErrorCode::MissingField, name);
    return optionalDate(name).value_or(LocalDate::fromDaysSinceEpoch(0));
}

std::optional<LocalDate> ObjectReader::optionalDate(std::string_view name)
{
    const JsonValue* value = optional(name, JsonKind::String);
    if (!value)
        return std::nullopt;
    const auto date = LocalDate::parse(value->text());
    if (date)
        return *date;
    refuse(date.error().code, name, date.error().detail);
    return std::nullopt;
}

Instant ObjectReader::requiredInstant(std::string_view name)
{
    if (!has(name))
        refuse(ErrorCode::MissingField, name);
    return optionalInstant(name).value_or(Instant::fromMicros(0));
}

std::optional<Instant> ObjectReader::optionalInstant(std::string_view name)
{
    const JsonValue* value = optional(name, JsonKind::String);
    if (!value)
        return std::nullopt;
    const auto instant = Instant::parse(value->text());
    if (instant)
        return *instant;
    refuse(instant.error().code, name, instant.error().detail);
    return std::nullopt;
}

std::vector<std::string> ObjectReader::optionalStrings(std::string_view name)
{
    std::vector<std::string> strings;
    const JsonValue* array = optionalArray(name);
    for (std::size_t index = 0; array && index < array->items().size(); ++index) {
        const JsonValue& item = array->items()[index];
        if (item.kind() != JsonKind::String)
            refuse(ErrorCode::WrongType, std::string(name) + "[" + std::to_string(index) + "]",
                   "expected a string");
        strings.push_back(item.text());
    }
    return m_error ? std::vector<std::string>() : strings;
}

const JsonValue* ObjectReader::requiredObject(std::string_view name)
{
    return required(name, JsonKind::Object);
}

const JsonValue* ObjectReader::optionalObject(std::string_view name)
{
    return optional(name, JsonKind::Object);
}

const JsonValue* ObjectReader::requiredArray(std::string_view name)
{
    return required(name, JsonKind::Array);
}

const JsonValue* ObjectReader::optionalArray(std::string_view name)
{
    return optional(name, JsonKind::Array);
}

void ObjectReader::refuse(ErrorCode code, std::string_view name, std::string detail)
{
    if (!m_error)
        m_error = Error{code, pathOf(name), std::move(detail)};
}

std::string ObjectReader::pathOf(std::string_view name) const
{
    return m_path.empty() ? std::string(name) : m_path + "." + std::string(name);
}

Result<void> ObjectReader::finish() const
{
    if (m_error)
        return *m_error;
    const auto unread = std::find(m_read.begin(), m_read.end(), false);
    if (unread == m_read.end())
        return {};
    const auto index = static_cast<std::size_t>(unread - m_read.begin());
    return Error{ErrorCode::UnknownField, pathOf(m_object->members()[index].name)};
}

} // namespace billing::wire
