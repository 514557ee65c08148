// 256-bit intermediates for products and quotients of decimals: multiply exactly, divide once, round once.
// Only the kernel's own sources include this; everyone else sees Decimal and Money.
#pragma once

#include "shared/kernel/decimal.h"

#include <boost/multiprecision/cpp_int.hpp>

namespace billing::wide {

using Wide = boost::multiprecision::checked_int256_t;

/// The exact product; 128 x 128 bits always fit 256 except the corner of both minima, which checked_int256_t
/// signals.
inline Wide product(Int128 a, Int128 b)
{
    return Wide(a) * Wide(b);
}

/// numerator / denominator rounded once. Refuses DivisionByZero, then AmountOverflow when it exceeds 128
/// bits.
inline Result<Int128> divide(const Wide& numerator, const Wide& denominator, Rounding mode)
{
    if (denominator == 0)
        return Error{ErrorCode::DivisionByZero};
    Wide quotient;
    Wide remainder;
    boost::multiprecision::divide_qr(numerator, denominator, quotient, remainder);
    if (remainder != 0) {
        const bool negative = (numerator < 0) != (denominator < 0);
        const Wide twice = abs(remainder) * 2;
        const Wide divisor = abs(denominator);
        bool away = false;
        switch (mode) {
        case Rounding::HalfAwayFromZero:
            away = twice >= divisor;
            break;
        case Rounding::HalfEven:
            away = twice > divisor || (twice == divisor && quotient % 2 != 0);
            break;
        case Rounding::TowardsZero:
            break;
        case Rounding::Floor:
            away = negative;
            break;
        case Rounding::Ceiling:
            away = !negative;
            break;
        }
        if (away)
            quotient += negative ? -1 : 1;
    }
    static const Wide largest = (Wide(1) << 127) - 1;
    if (quotient > largest || quotient < -largest)
        return Error{ErrorCode::AmountOverflow};
    return static_cast<Int128>(quotient);
}

} // namespace billing::wide
