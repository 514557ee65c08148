#include "server/rating/totals.h"

namespace billing {

Result<Totals> totalsOf(std::span<const TaxableLine> lines, std::span<const TaxLine> taxes, Currency currency)
{
    Result<Money> net = Money::zero(currency);
    for (const TaxableLine& line : lines)
        net = net.and_then([&](const Money& sum) { return sum.plus(line.net); });
    Result<Money> tax = Money::zero(currency);
    for (const TaxLine& line : taxes)
        tax = tax.and_then([&](const Money& sum) { return sum.plus(line.tax); });
    if (!net)
        return net.error();
    if (!tax)
        return tax.error();
    const auto total = net->plus(*tax);
    if (!total)
        return total.error();
    return Totals{*net, *tax, *total};
}

} // namespace billing
