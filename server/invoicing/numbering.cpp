#include "server/invoicing/numbering.h"

#include "server/storage/invoices.h"
#include "shared/model/number_pattern.h"

#include <algorithm>

namespace billing {

Result<IssuedNumber> issueNumber(Work& work, const Issuer& issuer, LocalDate today)
{
    const auto position = storage::takeNumber(work, issuer.code, issuer.series);
    if (!position)
        return position.error();
    const LocalDate date = std::max(today, position->lastIssueDate.value_or(today));
    const auto recorded = storage::recordIssueDate(work, issuer.code, issuer.series, date);
    if (!recorded)
        return recorded.error();
    const IssuedNumber issued{
        position->number, formatNumber(issuer.numberPattern, issuer.series, date, position->number), date};
    const auto claimed =
        storage::claimNumber(work, {issuer.code, issuer.series, issued.seriesNumber, issued.text});
    if (!claimed)
        return claimed.error();
    if (!*claimed)
        return Error{ErrorCode::InvoiceNumberTaken, "numbering.pattern",
                     "number " + issued.text + " of series " + issuer.series +
                         " was given out before; put right series and pattern in issuer.toml"};
    return issued;
}

} // namespace billing
