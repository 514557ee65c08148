// Exact decimals with 12 fractional digits: quantities, unit prices, tax rates. A scaled 128-bit integer, so
// that equal numbers are equal bits and nothing is ever "about right". Text from outside holds at most 18
// integer digits; totals may grow to about 1.7e26 either way, the same on both sides of zero, and report
// overflow instead of wrapping. Values only, any thread.
#pragma once

#include "shared/kernel/result.h"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace billing {

__extension__ typedef __int128 Int128; // NOLINT(modernize-use-using): __extension__ needs a typedef

/// How a number that does not fit is brought to the grid. Money uses HalfAwayFromZero (DESIGN section 6).
enum class Rounding
{
    HalfAwayFromZero,
    HalfEven,
    TowardsZero,
    Floor,
    Ceiling
};

class Decimal
{
public:
    static constexpr int fractionDigits = 12;
    static constexpr std::int64_t unitsPerOne = 1'000'000'000'000;

    constexpr Decimal() = default; ///< zero
    static constexpr Decimal fromInteger(std::int64_t value)
    {
        return fromScaled(static_cast<Int128>(value) * unitsPerOne);
    }
    /// Units of 10^-12. Asserts that it is not -2^127: every value has an opposite.
    static constexpr Decimal fromScaled(Int128 units)
    {
        BILLING_ASSERT(units != lowest);
        Decimal decimal;
        decimal.m_units = units;
        return decimal;
    }

    /// The grammar of the wire: -?[0-9]{1,18}(\.[0-9]{1,12})? and nothing else: no sign +, exponent, spaces
    /// or other digits than ASCII. Leading zeros are accepted ("007" is 7). Refuses: InvalidDecimal.
    static Result<Decimal> parse(std::string_view text);

    /// Reads back what toText wrote: as parse, with up to 27 integer digits, for totals that are stored.
    /// Refuses: InvalidDecimal, AmountOverflow.
    static Result<Decimal> parseTotal(std::string_view text);

    /// Shortest exact text: "0", "-1.5", "22361870".
    std::string toText() const;

    constexpr Int128 scaled() const noexcept { return m_units; }
    constexpr bool isZero() const noexcept { return m_units == 0; }
    constexpr bool isNegative() const noexcept { return m_units < 0; }
    constexpr Decimal negated() const { return fromScaled(-m_units); }

    /// Refuse AmountOverflow.
    Result<Decimal> plus(const Decimal& other) const;
    Result<Decimal> minus(const Decimal& other) const;
    /// The 256-bit product or quotient, rounded once to 12 digits. Refuse AmountOverflow; dividedBy also
    /// DivisionByZero.
    Result<Decimal> times(const Decimal& other, Rounding mode = Rounding::HalfAwayFromZero) const;
    Result<Decimal> dividedBy(const Decimal& other, Rounding mode = Rounding::HalfAwayFromZero) const;
    /// To that many fractional digits, 0..12. Refuses AmountOverflow.
    Result<Decimal> rounded(int digits, Rounding mode = Rounding::HalfAwayFromZero) const;

    friend constexpr auto operator<=>(const Decimal&, const Decimal&) = default;
    friend constexpr bool operator==(const Decimal&, const Decimal&) = default;

private:
    static constexpr Int128 lowest = -(Int128{1} << 126) * 2;

    Int128 m_units = 0;
};

} // namespace billing
