#include "server/storage/postgres/result_row.h"

#include "server/storage/postgres/wire_types.h"

#include <charconv>

namespace billing::postgres {

bool ResultRow::isNull(int column) const
{
    return PQgetisnull(m_result, m_row, m_first + column) == 1;
}

Oid ResultRow::typeOf(int column) const
{
    return PQftype(m_result, m_first + column);
}

std::string_view ResultRow::bytes(int column) const
{
    return {PQgetvalue(m_result, m_row, m_first + column),
            static_cast<std::size_t>(PQgetlength(m_result, m_row, m_first + column))};
}

std::int64_t ResultRow::integer(int column) const
{
    BILLING_ASSERT(!isNull(column));
    const auto type = static_cast<Type>(typeOf(column));
    if (type != Type::Numeric) {
        BILLING_ASSERT(type == Type::Int8 || type == Type::Int4 || type == Type::Int2);
        return readInteger(bytes(column));
    }
    const std::string digits = numericText(bytes(column));
    std::int64_t number = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    BILLING_ASSERT(read.ec == std::errc() && read.ptr == digits.data() + digits.size());
    return number;
}

std::string ResultRow::text(int column) const
{
    BILLING_ASSERT(!isNull(column));
    const Oid type = typeOf(column);
    if (static_cast<Type>(type) == Type::Numeric)
        return numericText(bytes(column));
    BILLING_ASSERT(isText(type) || static_cast<Type>(type) == Type::Bytes);
    return std::string(bytes(column));
}

bool ResultRow::equals(int column, const sql::Value& value) const
{
    if (std::holds_alternative<sql::Null>(value) || isNull(column))
        return std::holds_alternative<sql::Null>(value) && isNull(column);
    if (const auto* number = std::get_if<std::int64_t>(&value))
        return readInteger(bytes(column)) == *number;
    const auto* text = std::get_if<std::string_view>(&value);
    return bytes(column) == (text != nullptr ? *text : std::get_if<sql::Blob>(&value)->bytes);
}

} // namespace billing::postgres
