// Decimal texts: what is accepted reads back as the same number, and arithmetic with it refuses or is exact.
#include "tests/fuzz/fuzz_input.h"

#include "shared/kernel/decimal.h"

using namespace billing;

void fuzz(std::string_view text)
{
    const std::size_t half = text.size() / 2;
    const auto left = Decimal::parseTotal(text.substr(0, half));
    const auto right = Decimal::parse(text.substr(half));
    const auto whole = Decimal::parse(text);
    if (whole)
        BILLING_ASSERT(Decimal::parse(whole->toText()).value() == *whole);
    if (left)
        BILLING_ASSERT(Decimal::parseTotal(left->toText()).value() == *left);
    if (!left || !right)
        return;
    if (const auto sum = left->plus(*right))
        BILLING_ASSERT(sum->minus(*right).value() == *left);
    for (const Rounding mode : {Rounding::HalfAwayFromZero, Rounding::HalfEven, Rounding::TowardsZero,
                                Rounding::Floor, Rounding::Ceiling}) {
        static_cast<void>(left->times(*right, mode));
        BILLING_ASSERT(!right->isZero() || !left->dividedBy(*right, mode));
        if (const auto rounded = left->rounded(2, mode))
            BILLING_ASSERT(rounded->rounded(2, mode).value() == *rounded);
    }
}
