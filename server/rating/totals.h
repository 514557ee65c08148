// The three sums at the foot of an invoice: of the printed lines, of the printed taxes, and of both. Pure,
// any thread.
#pragma once

#include "server/rating/tax.h"

namespace billing {

struct Totals
{
    Money net;
    Money tax;
    Money total;

    friend bool operator==(const Totals&, const Totals&) = default;
};

/// Refuses CurrencyMismatch (a line in another currency), then AmountOverflow.
Result<Totals> totalsOf(std::span<const TaxableLine> lines, std::span<const TaxLine> taxes,
                        Currency currency);

} // namespace billing
