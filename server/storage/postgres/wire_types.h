// The types of PostgreSQL that cross the wire here, by their fixed numbers (catalog pg_type), and their
// binary forms: integers big-endian, texts and bytes as they are, NUMERIC as digits of base 10,000.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <libpq-fe.h>

namespace billing::postgres {

enum class Type : Oid
{
    Bytes = 17,
    Name = 19,
    Int8 = 20,
    Int2 = 21,
    Int4 = 23,
    Text = 25,
    VarChar = 1043,
    Numeric = 1700
};

bool isText(Oid type);

void appendInt32(std::string& bytes, std::int32_t number);
void appendInt64(std::string& bytes, std::int64_t number);
/// Big-endian, of 2, 4 or 8 bytes.
std::int64_t readInteger(std::string_view bytes);

/// The shortest decimal text of a NUMERIC in binary form: "0", "-1.5", "22361870". Asserts NaN and infinity,
/// which no column of ours can hold.
std::string numericText(std::string_view bytes);

} // namespace billing::postgres
