#include "server/invoicing/default_tax_category.h"

#include "server/rating/tax.h"
#include "shared/calendar/time_zone.h"

#include <algorithm>
#include <array>

namespace billing {

namespace {

bool isInEuropeanUnion(std::string_view country)
{
    constexpr std::array<std::string_view, 27> states{"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES",
                                                      "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU",
                                                      "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"};
    return std::find(states.begin(), states.end(), country) != states.end();
}

} // namespace

TaxCategory defaultTaxCategory(const Issuer& issuer, const Tenant& buyer, Instant now)
{
    const auto zone = TimeZone::find(issuer.timeZone);
    BILLING_ASSERT(zone.has_value()); // the issuer file was checked
    const TaxCase taxCase{issuer.taxRates, buyer.country, buyer.address.region, zone->dateOf(now)};
    if (findRate(taxCase, TaxCategory::Standard))
        return TaxCategory::Standard;
    const bool acrossTheUnion = buyer.country != issuer.party.country && isInEuropeanUnion(buyer.country) &&
                                isInEuropeanUnion(issuer.party.country);
    return acrossTheUnion && !buyer.taxIds.empty() ? TaxCategory::ReverseCharge : TaxCategory::OutOfScope;
}

} // namespace billing
