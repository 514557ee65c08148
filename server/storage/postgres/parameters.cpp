#include "server/storage/postgres/parameters.h"

#include "server/storage/postgres/wire_types.h"

namespace billing::postgres {

namespace {

constexpr int asText = 0;
constexpr int asBinary = 1;

bool is(Oid type, Type known)
{
    return type == static_cast<Oid>(known);
}

Oid elementOf(Oid column)
{
    return is(column, Type::Int8) || is(column, Type::Bytes) ? column : static_cast<Oid>(Type::Text);
}

} // namespace

Parameters::Parameters(std::span<const Oid> types, std::span<const sql::Value> values)
{
    BILLING_ASSERT(types.size() == values.size());
    m_values.reserve(values.size());
    m_lengths.reserve(values.size());
    m_formats.reserve(values.size());
    m_own.reserve(values.size());
    for (std::size_t i = 0; i < values.size(); ++i)
        add(types[i], values[i]);
}

void Parameters::add(Oid type, const sql::Value& value)
{
    if (const auto* number = std::get_if<std::int64_t>(&value))
        return addNumber(type, *number);
    if (const auto* text = std::get_if<std::string_view>(&value))
        return addText(type, *text);
    if (const auto* blob = std::get_if<sql::Blob>(&value)) {
        BILLING_ASSERT(is(type, Type::Bytes));
        return addBytes(blob->bytes);
    }
    m_values.push_back(nullptr);
    m_lengths.push_back(0);
    m_formats.push_back(asText);
}

void Parameters::addBytes(std::string_view bytes)
{
    m_values.push_back(bytes.empty() ? "" : bytes.data());
    m_lengths.push_back(static_cast<int>(bytes.size()));
    m_formats.push_back(asBinary);
}

void Parameters::addNumber(Oid type, std::int64_t number)
{
    BILLING_ASSERT(!isText(type) && !is(type, Type::Bytes));
    if (!is(type, Type::Int8)) {
        m_own.push_back(std::to_string(number));
        m_values.push_back(m_own.back().c_str());
        m_lengths.push_back(0);
        m_formats.push_back(asText);
        return;
    }
    m_own.emplace_back();
    appendInt64(m_own.back(), number);
    addBytes(m_own.back());
}

void Parameters::addText(Oid type, std::string_view text)
{
    // In binary a text needs no NUL behind it, and one with a NUL inside is refused instead of cut.
    if (isText(type))
        return addBytes(text);
    BILLING_ASSERT(is(type, Type::Numeric) && text.find('\0') == std::string_view::npos);
    m_own.emplace_back(text);
    m_values.push_back(m_own.back().c_str());
    m_lengths.push_back(0);
    m_formats.push_back(asText);
}

std::string arrayOf(Oid type, std::span<const sql::Value> values, std::size_t columns, std::size_t first)
{
    const Oid element = elementOf(type);
    const std::size_t rows = values.size() / columns;
    std::string bytes;
    std::size_t size = 20 + 4 * rows;
    for (std::size_t i = first; i < values.size(); i += columns) {
        const auto* text = std::get_if<std::string_view>(&values[i]);
        const auto* blob = std::get_if<sql::Blob>(&values[i]);
        size += text != nullptr ? text->size() : blob != nullptr ? blob->bytes.size() : 8;
    }
    bytes.reserve(size);
    // dimensions, whether NULLs are among them, type, how many, the first one's index
    for (const std::int32_t head :
         {1, 1, static_cast<std::int32_t>(element), static_cast<std::int32_t>(rows), 1})
        appendInt32(bytes, head);
    for (std::size_t i = first; i < values.size(); i += columns) {
        const sql::Value& value = values[i];
        if (const auto* number = std::get_if<std::int64_t>(&value)) {
            BILLING_ASSERT(is(element, Type::Int8));
            appendInt32(bytes, 8);
            appendInt64(bytes, *number);
        } else if (std::holds_alternative<sql::Null>(value)) {
            appendInt32(bytes, -1);
        } else {
            const auto* text = std::get_if<std::string_view>(&value);
            BILLING_ASSERT(is(element, text != nullptr ? Type::Text : Type::Bytes));
            const std::string_view content = text != nullptr ? *text : std::get_if<sql::Blob>(&value)->bytes;
            appendInt32(bytes, static_cast<std::int32_t>(content.size()));
            bytes.append(content);
        }
    }
    return bytes;
}

} // namespace billing::postgres
