// Invoice numbers: gapless per issuer and series, taken in the finalising transaction, and never dated before
// the one before (DESIGN decision 16; EU VAT Directive art. 226 (2)). What a number looks like is
// shared/model/number_pattern.h.
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

/// Takes the next number and dates it max(today, the series' last date). Refuses InvoiceNumberTaken when the
/// number as printed was given out before, by another series or pattern (nothing is taken then, once the
/// caller rolls back), and as storage.
Result<IssuedNumber> issueNumber(Work& work, const Issuer& issuer, LocalDate today);

} // namespace billing
