#include "server/rating/place_of_supply.h"

#include "shared/model/country.h"

#include <algorithm>
#include <array>

namespace billing {

namespace {

std::string lowered(std::string_view text)
{
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return lower;
}

/// A part of a country that its VAT law leaves out, known by how its postal codes begin or by the name of its
/// region.
struct Part
{
    std::string_view country;
    std::string_view postalStart; ///< of a code whose digits alone count
    std::string_view region;      ///< in small letters
};

constexpr std::array parts{Part{"ES", "35", "las palmas"},
                           Part{"ES", "38", "santa cruz de tenerife"},
                           Part{"ES", "51", "ceuta"},
                           Part{"ES", "52", "melilla"},
                           Part{"ES", {}, "canarias"},
                           Part{"ES", {}, "islas canarias"},
                           Part{"ES", {}, "canary islands"},
                           Part{"ES", {}, "tenerife"},
                           Part{"ES", {}, "gran canaria"},
                           Part{"ES", {}, "cn"},
                           Part{"ES", {}, "gc"},
                           Part{"ES", {}, "tf"},
                           Part{"ES", {}, "ce"},
                           Part{"ES", {}, "ml"},
                           Part{"FR", "97", "guadeloupe"},
                           Part{"FR", "986", "martinique"},
                           Part{"FR", "987", "guyane"},
                           Part{"FR", "988", "mayotte"},
                           Part{"FR", {}, "la r\xC3\xA9union"},
                           Part{"FR", {}, "r\xC3\xA9union"},
                           Part{"DE", "78266", "b\xC3\xBCsingen"},
                           Part{"DE", "27498", "helgoland"},
                           Part{"IT", "23041", "livigno"},
                           Part{"IT", "22061", "campione d'italia"},
                           Part{"FI", "22", "\xC3\xA5land"},
                           Part{"FI", {}, "ahvenanmaa"},
                           Part{"FI", {}, "01"},
                           Part{"GR", "63086", "agion oros"},
                           Part{"GR", {}, "69"}};

/// "es-cn" is "cn" of ES.
std::string regionOf(std::string_view country, std::string_view written)
{
    const std::string region = lowered(written);
    const std::string prefix = lowered(country) + "-";
    return region.starts_with(prefix) ? region.substr(prefix.size()) : region;
}

/// Without the country before it and the space within: "F-97 400", "63 086".
std::string postalDigits(std::string_view written)
{
    std::string digits;
    std::copy_if(written.begin(), written.end(), std::back_inserter(digits),
                 [](char c) { return c >= '0' && c <= '9'; });
    return digits;
}

bool isApart(std::string_view country, const Address& address)
{
    const std::string region = regionOf(country, address.region);
    const std::string postal = postalDigits(address.postalCode);
    return std::any_of(parts.begin(), parts.end(), [&](const Part& part) {
        const bool named = region == part.region;
        const bool coded =
            !part.postalStart.empty() && postal.size() == 5 && postal.starts_with(part.postalStart);
        return part.country == country && (named || coded);
    });
}

TaxCase caseAt(const Issuer& issuer, std::string_view country, const Address& address, LocalDate taxDate)
{
    const TaxPlace place = taxPlaceOf(country, address);
    // Rows for Monaco itself come before those of France.
    const bool hasOwn = std::any_of(issuer.taxRates.begin(), issuer.taxRates.end(),
                                    [&](const TaxRate& rate) { return rate.country == country; });
    return {.rates = issuer.taxRates,
            .country = hasOwn ? std::string(country) : place.country,
            .region = address.region,
            .taxDate = taxDate,
            .ofRegionOnly = place.isApart};
}

} // namespace

TaxPlace taxPlaceOf(std::string_view country, const Address& address)
{
    const bool apart = isApart(country, address);
    const std::string_view taxed = country == "MC" ? "FR" : country == "IM" ? "GB" : country;
    return {std::string(taxed), isInEuropeanUnion(taxed) && !apart, apart};
}

bool isHome(const TaxPlace& one, const TaxPlace& other)
{
    return one.country == other.country && !one.isApart && !other.isApart;
}

TaxCase standardCase(const Issuer& issuer, const Tenant& buyer, LocalDate taxDate)
{
    const TaxCase own = caseAt(issuer, buyer.country, buyer.address, taxDate);
    const Party& seller = issuer.party;
    const TaxPlace there = taxPlaceOf(buyer.country, buyer.address);
    const TaxPlace home = taxPlaceOf(seller.country, seller.address);
    if (!there.isInUnion || !home.isInUnion || isHome(there, home) ||
        issuer.euConsumers == EuConsumerTax::OneStopShop)
        return own;
    if (issuer.euConsumers != EuConsumerTax::HomeRate && findRate(own, TaxCategory::Standard))
        return own;
    return caseAt(issuer, seller.country, seller.address, taxDate);
}

TaxCase taxCaseOf(const Issuer& issuer, const Tenant& buyer, LocalDate taxDate)
{
    return buyer.taxCategory == TaxCategory::Standard ? standardCase(issuer, buyer, taxDate)
                                                      : caseAt(issuer, buyer.country, buyer.address, taxDate);
}

} // namespace billing
