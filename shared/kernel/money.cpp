#include "shared/kernel/money.h"

#include "shared/kernel/wide.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace billing {

namespace {

std::int64_t minorPerMajor(Currency currency)
{
    std::int64_t power = 1;
    for (int digit = 0; digit < currency.digits(); ++digit)
        power *= 10;
    return power;
}

Result<std::int64_t> narrow(Int128 value)
{
    if (value > std::numeric_limits<std::int64_t>::max() || value < std::numeric_limits<std::int64_t>::min())
        return Error{ErrorCode::AmountOverflow, "money"};
    return static_cast<std::int64_t>(value);
}

Result<std::int64_t> narrow(const Result<Int128>& value)
{
    return value ? narrow(*value) : Result<std::int64_t>(value.error());
}

} // namespace

Result<Money> Money::round(const Decimal& major, Currency currency, Rounding mode)
{
    const auto minor = narrow(
        wide::divide(wide::product(major.scaled(), minorPerMajor(currency)), Decimal::unitsPerOne, mode));
    return minor.transform([&](std::int64_t value) { return Money(value, currency); });
}

Result<Money> Money::exact(const Decimal& major, Currency currency)
{
    const auto money = round(major, currency);
    if (money && money->toDecimal() != major)
        return Error{ErrorCode::InvalidValue, "amount", "more digits than the currency has"};
    return money;
}

Result<Money> Money::charge(const Decimal& quantity, const Decimal& unitPrice, const Decimal& unitDivisor,
                            Currency currency)
{
    // quantity and price are scaled by 10^12 each, the divisor by 10^12: one factor of 10^12 is left to
    // divide out.
    if (unitDivisor.isZero())
        return Error{ErrorCode::DivisionByZero, "unit_divisor"};
    const wide::Wide price = wide::product(unitPrice.scaled(), minorPerMajor(currency));
    try {
        const wide::Wide numerator = wide::Wide(quantity.scaled()) * price;
        const wide::Wide denominator = wide::product(unitDivisor.scaled(), Decimal::unitsPerOne);
        const auto minor = narrow(wide::divide(numerator, denominator, Rounding::HalfAwayFromZero));
        return minor.transform([&](std::int64_t value) { return Money(value, currency); });
    } catch (const std::exception&) { // checked_int256_t signals overflow this way; it goes no further
        return Error{ErrorCode::AmountOverflow, "money"};
    }
}

Decimal Money::toDecimal() const
{
    return Decimal::fromScaled(static_cast<Int128>(m_minorUnits) *
                               (Decimal::unitsPerOne / minorPerMajor(m_currency)));
}

std::string Money::toText() const
{
    std::string text = toDecimal().toText();
    if (m_currency.digits() == 0)
        return text;
    std::size_t point = text.find('.');
    if (point == std::string::npos) {
        point = text.size();
        text += '.';
    }
    const std::size_t wanted = point + 1 + static_cast<std::size_t>(m_currency.digits());
    text.append(wanted - text.size(), '0');
    return text;
}

Result<Money> Money::plus(const Money& other) const
{
    if (m_currency != other.m_currency)
        return Error{ErrorCode::CurrencyMismatch, "money"};
    std::int64_t sum = 0;
    if (__builtin_add_overflow(m_minorUnits, other.m_minorUnits, &sum))
        return Error{ErrorCode::AmountOverflow, "money"};
    return Money(sum, m_currency);
}

Result<Money> Money::minus(const Money& other) const
{
    if (m_currency != other.m_currency)
        return Error{ErrorCode::CurrencyMismatch, "money"};
    std::int64_t difference = 0;
    if (__builtin_sub_overflow(m_minorUnits, other.m_minorUnits, &difference))
        return Error{ErrorCode::AmountOverflow, "money"};
    return Money(difference, m_currency);
}

Result<Money> Money::negated() const
{
    return zero(m_currency).minus(*this);
}

Result<Money> Money::times(const Decimal& rate, Rounding mode) const
{
    const auto minor =
        narrow(wide::divide(wide::product(m_minorUnits, rate.scaled()), Decimal::unitsPerOne, mode));
    return minor.transform([&](std::int64_t value) { return Money(value, m_currency); });
}

std::vector<Money> allocate(const Money& total, std::span<const std::uint64_t> weights)
{
    BILLING_ASSERT(!weights.empty());
    std::vector<std::uint64_t> shares(weights.begin(), weights.end());
    if (std::all_of(shares.begin(), shares.end(), [](std::uint64_t w) { return w == 0; }))
        std::fill(shares.begin(), shares.end(), 1);
    wide::Wide weightSum = 0;
    for (const std::uint64_t share : shares)
        weightSum += share;

    std::vector<std::int64_t> parts;
    std::vector<wide::Wide> remainders;
    std::int64_t left = total.minorUnits();
    for (const std::uint64_t share : shares) {
        const wide::Wide exact = wide::Wide(total.minorUnits()) * share;
        const auto part = static_cast<std::int64_t>(exact / weightSum);
        parts.push_back(part);
        remainders.push_back(abs(exact % weightSum));
        left -= part;
    }

    std::vector<std::size_t> order(parts.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return remainders[a] > remainders[b]; });
    const std::int64_t step = left < 0 ? -1 : 1;
    for (std::size_t i = 0; left != 0; ++i, left -= step)
        parts[order[i]] += step;

    std::vector<Money> result;
    result.reserve(parts.size());
    for (const std::int64_t part : parts)
        result.push_back(Money::fromMinor(part, total.currency()));
    return result;
}

} // namespace billing
