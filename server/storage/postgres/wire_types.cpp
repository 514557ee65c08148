#include "server/storage/postgres/wire_types.h"

#include "shared/kernel/assert.h"

namespace billing::postgres {

namespace {

constexpr std::int64_t negativeSign = 0x4000;
constexpr int digitsPerGroup = 4;

std::int64_t int16At(std::string_view bytes, std::size_t place)
{
    return readInteger(bytes.substr(place * 2, 2));
}

void appendGroup(std::string& digits, std::int64_t group)
{
    for (std::int64_t unit = 1000; unit > 0; unit /= 10)
        digits += static_cast<char>('0' + group / unit % 10);
}

template <class Unsigned>
void appendBigEndian(std::string& bytes, Unsigned number)
{
    for (int shift = static_cast<int>(sizeof number) * 8 - 8; shift >= 0; shift -= 8)
        bytes += static_cast<char>(number >> shift & 0xff);
}

} // namespace

bool isText(Oid type)
{
    const auto known = static_cast<Type>(type);
    return known == Type::Text || known == Type::VarChar || known == Type::Name;
}

void appendInt32(std::string& bytes, std::int32_t number)
{
    appendBigEndian(bytes, static_cast<std::uint32_t>(number));
}

void appendInt64(std::string& bytes, std::int64_t number)
{
    appendBigEndian(bytes, static_cast<std::uint64_t>(number));
}

std::int64_t readInteger(std::string_view bytes)
{
    BILLING_ASSERT(bytes.size() == 2 || bytes.size() == 4 || bytes.size() == 8);
    // The first byte carries the sign; shifts to the left of a negative number are defined in C++20.
    std::int64_t number = static_cast<signed char>(bytes.front());
    for (const char byte : bytes.substr(1))
        number = number << 8 | static_cast<unsigned char>(byte);
    return number;
}

std::string numericText(std::string_view bytes)
{
    // How many groups, the first one's power of 10,000, sign, digits to show; then the groups.
    const std::int64_t groups = int16At(bytes, 0);
    const std::int64_t weight = int16At(bytes, 1);
    const std::int64_t sign = int16At(bytes, 2) & 0xffff;
    BILLING_ASSERT(sign == 0 || sign == negativeSign);
    if (groups == 0)
        return "0";
    const auto group = [&](std::int64_t place) {
        return place < groups ? int16At(bytes, static_cast<std::size_t>(4 + place)) : 0;
    };
    std::string whole;
    for (std::int64_t place = 0; place <= weight; ++place)
        appendGroup(whole, group(place));
    std::string fraction(static_cast<std::size_t>(weight < -1 ? (-1 - weight) * digitsPerGroup : 0), '0');
    for (std::int64_t place = weight < 0 ? 0 : weight + 1; place < groups; ++place)
        appendGroup(fraction, group(place));
    whole.erase(0, whole.find_first_not_of('0')); // all of it when there is nothing else
    fraction.erase(fraction.find_last_not_of('0') + 1);
    return (sign == negativeSign ? "-" : "") + (whole.empty() ? "0" : whole) +
           (fraction.empty() ? "" : "." + fraction);
}

} // namespace billing::postgres
