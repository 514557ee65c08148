// Money: a whole number of minor units (cents) of one currency. Adding two currencies, or more than 63 bits
// hold, is an error and never wraps. Rounding happens where a line is printed, once, by Money::round. Values
// only, any thread.
#pragma once

#include "shared/kernel/currency.h"
#include "shared/kernel/decimal.h"

#include <cstdint>
#include <span>
#include <vector>

namespace billing {

class Money
{
public:
    static Money zero(Currency currency) { return {0, currency}; }
    static Money fromMinor(std::int64_t minorUnits, Currency currency) { return {minorUnits, currency}; }

    /// An amount in major units ("12.345" USD) to minor units, rounded once. Refuses AmountOverflow.
    static Result<Money> round(const Decimal& major, Currency currency,
                               Rounding mode = Rounding::HalfAwayFromZero);
    /// An amount in major units that must already be on the currency's grid. Refuses InvalidValue,
    /// AmountOverflow.
    static Result<Money> exact(const Decimal& major, Currency currency);
    /// quantity x unitPrice / unitDivisor, multiplied in 256 bits and rounded once: the amount of a printed
    /// line. Refuses DivisionByZero, AmountOverflow.
    static Result<Money> charge(const Decimal& quantity, const Decimal& unitPrice, const Decimal& unitDivisor,
                                Currency currency);

    std::int64_t minorUnits() const noexcept { return m_minorUnits; }
    Currency currency() const noexcept { return m_currency; }
    bool isZero() const noexcept { return m_minorUnits == 0; }
    bool isNegative() const noexcept { return m_minorUnits < 0; }

    /// In major units, exactly: 12345 minor USD is 123.45.
    Decimal toDecimal() const;
    /// With all of the currency's digits: "123.40"; no sign or grouping of any locale.
    std::string toText() const;

    /// Refuse CurrencyMismatch, then AmountOverflow.
    Result<Money> plus(const Money& other) const;
    Result<Money> minus(const Money& other) const;
    /// Refuses AmountOverflow for the one value that has no opposite.
    Result<Money> negated() const;
    /// This x rate (0.19 is 19 %), rounded once. Refuses AmountOverflow.
    Result<Money> times(const Decimal& rate, Rounding mode = Rounding::HalfAwayFromZero) const;

    friend bool operator==(const Money&, const Money&) = default;

private:
    Money(std::int64_t minorUnits, Currency currency)
        : m_minorUnits(minorUnits)
        , m_currency(currency)
    {
    }

    std::int64_t m_minorUnits;
    Currency m_currency;
};

/// Splits total by weights so that the parts add up to it exactly: each part is rounded towards zero, and
/// what is left goes to the largest remainders, one minor unit each, earlier part first on a tie (Hamilton's
/// method). All weights zero counts as all equal. Asserts that there is at least one weight.
std::vector<Money> allocate(const Money& total, std::span<const std::uint64_t> weights);

} // namespace billing
