#include "shared/usage_client/csv_number.h"

#include <algorithm>

namespace billing::client {

namespace {

constexpr std::size_t mostIntegerDigits = 18;
constexpr std::string_view blanks = " \t";
/// Beyond it every number but zero is out of range, and positions would overflow.
constexpr std::int64_t largestExponent = 1'000'000;

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

Error refused(const char* detail)
{
    return {ErrorCode::InvalidDecimal, "value", detail};
}

/// What a number is made of: digits without a mark, and where the mark stands.
struct Parts
{
    bool negative = false;
    std::string digits = {};
    std::int64_t point = 0; ///< digits before the mark; may lie outside of them
};

/// Takes the digits off the front.
std::string_view takeDigits(std::string_view& text)
{
    const auto end = std::find_if_not(text.begin(), text.end(), isDigit);
    const std::string_view digits = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    text.remove_prefix(digits.size());
    return digits;
}

bool takeOneOf(std::string_view& text, std::string_view wanted)
{
    if (text.empty() || wanted.find(text.front()) == std::string_view::npos)
        return false;
    text.remove_prefix(1);
    return true;
}

/// False when it is none. A huge one is cut to what is out of range in any case.
bool takeExponent(std::string_view& text, std::int64_t& exponent)
{
    if (!takeOneOf(text, "eE"))
        return true;
    const bool negative = !text.empty() && text.front() == '-';
    takeOneOf(text, "+-");
    const std::string_view digits = takeDigits(text);
    for (const char digit : digits)
        exponent = std::min<std::int64_t>(exponent * 10 + (digit - '0'), largestExponent);
    exponent = negative ? -exponent : exponent;
    return !digits.empty();
}

const char* reasonFor(std::string_view text, DecimalMark mark)
{
    const auto holds = [&](std::string_view part) { return text.find(part) != std::string_view::npos; };
    const bool anyDigit = std::any_of(text.begin(), text.end(), isDigit);
    // Space, no-break space, narrow no-break space, thin space, apostrophes, underscore.
    for (const std::string_view separator :
         {" ", "\xC2\xA0", "\xE2\x80\xAF", "\xE2\x80\x89", "'", "\xE2\x80\x99", "_"})
        if (anyDigit && holds(separator))
            return "thousands separators are not read; export the numbers without them";
    if (anyDigit && mark == DecimalMark::Point && holds(","))
        return "a comma in a number: a decimal comma needs --decimal-comma, thousands separators are not "
               "read";
    if (anyDigit && mark == DecimalMark::Comma && holds("."))
        return "a point in a number: with --decimal-comma it would separate thousands, which are not read";
    return "expected a number";
}

Result<Parts> split(std::string_view whole, DecimalMark mark)
{
    std::string_view text = whole;
    Parts parts;
    parts.negative = !text.empty() && text.front() == '-';
    takeOneOf(text, "+-");
    parts.digits = takeDigits(text);
    parts.point = std::ssize(parts.digits);
    if (takeOneOf(text, mark == DecimalMark::Point ? "." : ","))
        parts.digits += takeDigits(text);
    std::int64_t exponent = 0;
    if (parts.digits.empty() || !takeExponent(text, exponent) || !text.empty())
        return refused(reasonFor(whole, mark));
    parts.point += exponent;
    return parts;
}

} // namespace

std::string_view withoutBlanks(std::string_view text)
{
    const std::size_t first = std::min(text.find_first_not_of(blanks), text.size());
    text.remove_prefix(first);
    return text.substr(0, text.find_last_not_of(blanks) + 1);
}

Result<Decimal> parseCsvNumber(std::string_view text, DecimalMark mark)
{
    auto parts = split(withoutBlanks(text), mark);
    if (!parts)
        return parts.error();
    std::string& digits = parts->digits;
    digits.erase(digits.find_last_not_of('0') + 1);
    const std::size_t zeros = std::min(digits.find_first_not_of('0'), digits.size());
    digits.erase(0, zeros);
    if (digits.empty())
        return Decimal();
    const std::int64_t point = parts->point - static_cast<std::int64_t>(zeros);
    const std::int64_t fraction = std::ssize(digits) - point;
    if (point > std::int64_t{mostIntegerDigits})
        return refused("more than 18 digits before the decimal mark");
    if (fraction > Decimal::fractionDigits)
        return refused("more than 12 digits behind the decimal mark");
    if (fraction < 0)
        digits.append(static_cast<std::size_t>(-fraction), '0');
    if (point <= 0)
        digits.insert(0, static_cast<std::size_t>(1 - point), '0');
    if (fraction > 0)
        digits.insert(digits.size() - static_cast<std::size_t>(fraction), 1, '.');
    return Decimal::parse(parts->negative ? "-" + digits : digits);
}

} // namespace billing::client
