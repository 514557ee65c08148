// Tax on an invoice: dated rates, per category, on the rounded net, half away from zero. Pure, any thread.
// Source: DESIGN section 6; categories as in EN 16931 (UNTDID 5305).
#pragma once

#include "shared/kernel/local_date.h"
#include "shared/model/issuer.h"

#include <span>

namespace billing {

struct TaxableLine
{
    TaxCategory category = TaxCategory::Standard;
    Money net; ///< as printed
};

/// Where the buyer is taxed, when, and by whose rates.
struct TaxCase
{
    std::span<const TaxRate> rates;
    std::string country; ///< ISO 3166-1 alpha-2
    std::string region = {};
    LocalDate taxDate;
    TaxRounding rounding = TaxRounding::PerDocument;
    bool ofRegionOnly = false; ///< rates of the whole country do not hold there (place_of_supply.h)
};

/// The rate that holds: a row of the region before one of the whole country, then the one valid for the
/// shortest time so far. nullptr when there is none.
const TaxRate* findRate(const TaxCase& taxCase, TaxCategory category);

/// One line per category that occurs, in the order of TaxCategory. Only the standard category is taxed; the
/// others are 0 with the note the law wants printed, their own rate row's if there is one. PerDocument rounds
/// the tax of each category's net once; PerLine adds up the rounded taxes of its lines. Refuses NoTaxRate
/// (standard lines without a rate for the place and date), CurrencyMismatch, AmountOverflow.
Result<std::vector<TaxLine>> taxLines(std::span<const TaxableLine> lines, const TaxCase& taxCase);

} // namespace billing
