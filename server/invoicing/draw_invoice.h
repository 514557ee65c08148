// Draws an invoice up from what is stored: usage of the period, rated by the subscription's plan version,
// taxed, added up, with seller and buyer as they are now. Reads only; who calls decides whether it is kept,
// shown or frozen.
#pragma once

#include "server/invoicing/invoicing.h"
#include "shared/model/subscription.h"

#include <vector>

namespace billing {

struct DrawRequest
{
    InvoiceId id;
    Subscription subscription;
    BillingPeriod period;
    SettleNumber upTo; ///< usage settled by then counts
};

struct DrawnInvoice
{
    Invoice invoice; ///< a draft
    std::vector<storage::InvoiceUsageRow> usage;
};

/// Refuses, in order: NotFound (tenant), UnknownPlan, InvalidCatalog (the plan bills in advance, which this
/// version does not do), PriceNotInCurrency, NoTaxRate, AmountOverflow, and as storage and seals.
Result<DrawnInvoice> drawInvoice(Work& work, const Invoicing& invoicing, const DrawRequest& request);

} // namespace billing
