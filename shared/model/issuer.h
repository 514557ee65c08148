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

/// At which rate a buyer without a VAT id in another member state of the EU is taxed, when the issuer is in
/// one too: the home rate stays right below the threshold of Directive 2006/112/EC, art. 59c; above it the
/// buyer's country taxes (art. 58), through the one-stop shop (OSS) or a registration there.
enum class EuConsumerTax
{
    Automatic,   ///< the rate of the buyer's country where a dated one is given, else the home rate
    HomeRate,    ///< always the home rate
    OneStopShop, ///< always the rate of the buyer's country
    Ask          ///< whoever makes the tenant says its category
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
    EuConsumerTax euConsumers = EuConsumerTax::Automatic;
    std::vector<std::string> notes = {}; ///< printed on every invoice

    friend bool operator==(const Issuer&, const Issuer&) = default;
};

} // namespace billing
