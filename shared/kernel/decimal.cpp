#include "shared/kernel/decimal.h"

#include "shared/kernel/wide.h"

#include <array>
#include <limits>

namespace billing {

namespace {

constexpr int wireIntegerDigits = 18;
constexpr int totalIntegerDigits = 27;
constexpr Int128 largest = ~(Int128{1} << 126 << 1); // 2^127 - 1

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// Only made when needed: the text costs an allocation, and events are parsed by the hundred thousand.
Error refused()
{
    return {ErrorCode::InvalidDecimal, "decimal", "expected -?digits(.digits)?"};
}

Error overflowed()
{
    return {ErrorCode::AmountOverflow, "decimal"};
}

/// The sum or difference, when it is inside the symmetric range.
Result<Decimal> inRange(bool wrapped, Int128 units)
{
    if (wrapped || units < -largest)
        return overflowed();
    return Decimal::fromScaled(units);
}

Result<Decimal> parseDigits(std::string_view text, std::size_t maxIntegerDigits)
{
    std::size_t at = 0;
    const bool negative = !text.empty() && text.front() == '-';
    at += negative ? 1 : 0;

    Int128 units = 0;
    const std::size_t integerStart = at;
    for (; at < text.size() && isDigit(text[at]); ++at) {
        if (at - integerStart >= maxIntegerDigits)
            return refused();
        units = units * 10 + (text[at] - '0');
    }
    if (at == integerStart)
        return refused();

    std::size_t fraction = 0;
    if (at < text.size()) {
        if (text[at] != '.')
            return refused();
        for (++at; at < text.size() && isDigit(text[at]); ++at, ++fraction) {
            if (fraction >= Decimal::fractionDigits)
                return refused();
            if (__builtin_mul_overflow(units, Int128{10}, &units) ||
                __builtin_add_overflow(units, static_cast<Int128>(text[at] - '0'), &units))
                return overflowed();
        }
        if (fraction == 0 || at != text.size())
            return refused();
    }
    for (; fraction < Decimal::fractionDigits; ++fraction)
        if (__builtin_mul_overflow(units, Int128{10}, &units))
            return overflowed();
    return Decimal::fromScaled(negative ? -units : units);
}

Int128 powerOfTen(int exponent)
{
    Int128 power = 1;
    while (exponent-- > 0)
        power *= 10;
    return power;
}

} // namespace

Result<Decimal> Decimal::parse(std::string_view text)
{
    return parseDigits(text, wireIntegerDigits);
}

Result<Decimal> Decimal::parseTotal(std::string_view text)
{
    return parseDigits(text, totalIntegerDigits);
}

std::string Decimal::toText() const
{
    std::array<char, 48> buffer;
    char* const end = buffer.data() + buffer.size();
    char* at = end;
    // The magnitude as unsigned, so that the most negative value has one.
    __extension__ typedef unsigned __int128 Magnitude; // NOLINT(modernize-use-using): needs a typedef
    Magnitude rest =
        m_units < 0 ? Magnitude{0} - static_cast<Magnitude>(m_units) : static_cast<Magnitude>(m_units);

    // The fraction fits 64 bits, so that its digits cost no division of 128; of the rest only totals do not.
    auto fraction = static_cast<std::uint64_t>(rest % static_cast<std::uint64_t>(unitsPerOne));
    rest /= static_cast<std::uint64_t>(unitsPerOne);
    if (fraction != 0) {
        bool significant = false;
        for (int digit = 0; digit < fractionDigits; ++digit, fraction /= 10) {
            const char c = static_cast<char>('0' + static_cast<int>(fraction % 10));
            significant = significant || c != '0';
            if (significant)
                *--at = c;
        }
        *--at = '.';
    }
    for (; rest > std::numeric_limits<std::uint64_t>::max(); rest /= 10)
        *--at = static_cast<char>('0' + static_cast<int>(rest % 10));
    auto whole = static_cast<std::uint64_t>(rest);
    do {
        *--at = static_cast<char>('0' + static_cast<int>(whole % 10));
        whole /= 10;
    } while (whole != 0);
    if (m_units < 0)
        *--at = '-';
    return {at, end};
}

Result<Decimal> Decimal::plus(const Decimal& other) const
{
    Int128 sum = 0;
    const bool wrapped = __builtin_add_overflow(m_units, other.m_units, &sum);
    return inRange(wrapped, sum);
}

Result<Decimal> Decimal::minus(const Decimal& other) const
{
    Int128 difference = 0;
    const bool wrapped = __builtin_sub_overflow(m_units, other.m_units, &difference);
    return inRange(wrapped, difference);
}

Result<Decimal> Decimal::times(const Decimal& other, Rounding mode) const
{
    const auto units = wide::divide(wide::product(m_units, other.m_units), unitsPerOne, mode);
    return units.transform([](Int128 value) { return fromScaled(value); });
}

Result<Decimal> Decimal::dividedBy(const Decimal& other, Rounding mode) const
{
    const auto units = wide::divide(wide::product(m_units, unitsPerOne), other.m_units, mode);
    return units.transform([](Int128 value) { return fromScaled(value); });
}

Result<Decimal> Decimal::rounded(int digits, Rounding mode) const
{
    BILLING_ASSERT(digits >= 0 && digits <= fractionDigits);
    const Int128 step = powerOfTen(fractionDigits - digits);
    const auto steps = wide::divide(wide::Wide(m_units), step, mode);
    if (!steps)
        return steps.error();
    Int128 units = 0;
    if (__builtin_mul_overflow(*steps, step, &units))
        return overflowed();
    return fromScaled(units);
}

} // namespace billing
