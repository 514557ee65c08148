// A finalised invoice as double entry: the buyer owes the total, revenue is earned per charge, tax is owed
// per name and rate. Made from the invoice's printed figures, never computed again; so an invoice whose
// lines, taxes and total do not agree has no posting. Pure, any thread.
#pragma once

#include "shared/model/invoice.h"
#include "shared/model/posting.h"

#include <optional>

namespace billing {

/// Receivable (debit), then revenue by charge code in the order of the lines, then tax payable by "VAT 0.19".
/// Entries of zero are left out; an invoice where nothing is owed or earned has no posting. Refuses, in
/// order: CurrencyMismatch, AmountOverflow, UnbalancedPosting (lines and taxes do not add up to the total).
Result<std::optional<Posting>> postInvoice(const Invoice& invoice);

} // namespace billing
