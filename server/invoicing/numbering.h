// Invoice numbers: gapless per issuer and series, taken in the finalising transaction, and never dated before
// the one before (DESIGN decision 16; EU VAT Directive art. 226 (2)). Pure parts and the storage step.
#pragma once

#include "server/storage/storage.h"
#include "shared/model/issuer.h"

#include <string>

namespace billing {

struct IssuedNumber
{
    std::int64_t seriesNumber;
    std::string text; ///< "EB-2023-000017"
    LocalDate issueDate;
};

/// Fills {series}, {year}, {month}, {number} and {number:6} (zero padded); other text stays.
std::string formatNumber(std::string_view pattern, std::string_view series, LocalDate issueDate,
                         std::int64_t number);

/// Takes the next number and dates it max(today, the series' last date). Refuses as storage.
Result<IssuedNumber> issueNumber(Work& work, const Issuer& issuer, LocalDate today);

} // namespace billing
