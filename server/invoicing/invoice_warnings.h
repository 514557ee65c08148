// What finalising an invoice would meet, said when it is drafted or computed without keeping: so that nobody
// learns it from a refusal, or from a customer. Codes are those of the refusals, where finalising refuses;
// the others are names of their own:
//
//     no_price, over_limit    usage that is on no line (subject: the meter)
//     unlisted_value          priced by a fallback, since no price names the value (subject: the meter)
//     unprintable             characters that the paper shows as codes (subject: the field)
//     no_bank_account         money is due and the invoice does not say where to (subject: bank)
#pragma once

#include "server/invoicing/draw_invoice.h"
#include "shared/wire/invoice_warnings_json.h"

#include <vector>

namespace billing {

using wire::InvoiceWarning;
using wire::PreparedInvoice;

/// What the computation itself shows. Pure.
std::vector<InvoiceWarning> warningsOf(const DrawnInvoice& drawn);

struct WarningSubject
{
    const DrawnInvoice& drawn;
    const Subscription& subscription;
    Instant now;
};

/// All of it, in order: PeriodNotOver or GracePeriodRunning, PeriodAlreadyInvoiced (detail: the other
/// invoice), BeforeBillFrom, UsageNotSettled, InvoiceNumberTaken, unlisted values, then what the computation
/// shows and what Invoicing::printCheck says. Refuses what finalising would refuse and cannot get better by
/// waiting: as postInvoice, UnknownTimeZone (the issuer's), and as storage.
Result<std::vector<InvoiceWarning>> finalisingWarnings(Work& work, const Invoicing& invoicing,
                                                       const WarningSubject& subject);

} // namespace billing
