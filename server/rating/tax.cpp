#include "server/rating/tax.h"

#include <map>

namespace billing {

namespace {

std::string_view legalNote(TaxCategory category)
{
    switch (category) {
    case TaxCategory::Standard:
    case TaxCategory::Zero:
        return {};
    case TaxCategory::Exempt:
        return "Exempt from tax";
    case TaxCategory::ReverseCharge:
        return "Reverse charge";
    case TaxCategory::Export:
        return "Export outside the tax territory, zero-rated";
    case TaxCategory::OutOfScope:
        return "Outside the scope of tax";
    }
    BILLING_ASSERT(false);
}

bool holds(const TaxRate& rate, const TaxCase& taxCase, TaxCategory category)
{
    return rate.category == category && rate.country == taxCase.country &&
           (rate.region.empty() ? !taxCase.ofRegionOnly : rate.region == taxCase.region) &&
           rate.validFrom <= taxCase.taxDate && (!rate.validUntil || taxCase.taxDate < *rate.validUntil);
}

bool isCloser(const TaxRate& rate, const TaxRate& than)
{
    if (rate.region.empty() != than.region.empty())
        return than.region.empty();
    return rate.validFrom > than.validFrom;
}

Result<TaxLine> emptyLine(TaxCategory category, const TaxCase& taxCase, Currency currency)
{
    const TaxRate* rate = findRate(taxCase, category);
    if (category == TaxCategory::Standard && !rate)
        return Error{ErrorCode::NoTaxRate, taxCase.country,
                     "no standard rate is known for " + taxCase.country +
                         (taxCase.region.empty() ? "" : ", " + taxCase.region) + " on " +
                         taxCase.taxDate.toText()};
    TaxLine line{.category = category,
                 .name = rate ? rate->name : std::string("Tax"),
                 .base = Money::zero(currency),
                 .tax = Money::zero(currency),
                 .note = rate && !rate->note.empty() ? rate->note : std::string(legalNote(category))};
    if (category == TaxCategory::Standard)
        line.rate = rate->rate;
    return line;
}

Result<void> add(TaxLine& to, const Money& net)
{
    const auto base = to.base.plus(net);
    if (!base)
        return base.error();
    const auto tax = net.times(to.rate).and_then([&](const Money& more) { return to.tax.plus(more); });
    if (!tax)
        return tax.error();
    to.base = *base;
    to.tax = *tax;
    return {};
}

} // namespace

const TaxRate* findRate(const TaxCase& taxCase, TaxCategory category)
{
    const TaxRate* best = nullptr;
    for (const TaxRate& rate : taxCase.rates)
        if (holds(rate, taxCase, category) && (!best || isCloser(rate, *best)))
            best = &rate;
    return best;
}

Result<std::vector<TaxLine>> taxLines(std::span<const TaxableLine> lines, const TaxCase& taxCase)
{
    std::map<TaxCategory, TaxLine> byCategory;
    for (const TaxableLine& line : lines) {
        auto place = byCategory.find(line.category);
        if (place == byCategory.end()) {
            auto empty = emptyLine(line.category, taxCase, line.net.currency());
            if (!empty)
                return empty.error();
            place = byCategory.emplace(line.category, std::move(*empty)).first;
        }
        if (const auto added = add(place->second, line.net); !added)
            return added.error();
    }

    std::vector<TaxLine> result;
    for (auto& [category, line] : byCategory) {
        if (taxCase.rounding == TaxRounding::PerDocument) {
            const auto tax = line.base.times(line.rate);
            if (!tax)
                return tax.error();
            line.tax = *tax;
        }
        result.push_back(std::move(line));
    }
    return result;
}

} // namespace billing
