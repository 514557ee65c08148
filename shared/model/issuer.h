// Who sells: the party printed as seller, its bank, zone, number series and dated tax registrations. Read
// from D/issuer.toml. Tax rates are dated data by (issuer, country, region, category).
#pragma once

#include "shared/model/invoice.h"

#include <optional>
#include <string>
#include <vector>

namespace billing {

struct TaxRate
{
    std::string country;
    std::string region = {}; ///< empty: all of the country
    TaxCategory category = TaxCategory::Standard;
    std::string name; ///< "VAT"
    Decimal rate;     ///< 0.19
    LocalDate validFrom;
    std::optional<LocalDate> validUntil = {}; ///< first day it no longer holds
    std::string note = {};                    ///< legal text to print, e.g. for category AE

    friend bool operator==(const TaxRate&, const TaxRate&) = default;
};

struct Issuer
{
    std::string code; ///< "main": names the issuer in numbering and tax data
    Party party;
    BankDetails bank;
    std::string timeZone;
    std::string series;        ///< "EB"
    std::string numberPattern; ///< "{series}-{year}-{number:6}"
    std::vector<TaxRate> taxRates = {};
    std::vector<std::string> notes = {}; ///< printed on every invoice

    friend bool operator==(const Issuer&, const Issuer&) = default;
};

} // namespace billing
