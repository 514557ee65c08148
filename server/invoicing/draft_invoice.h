// The use case of POST /invoices: a draft for exactly one billing period of the tenant's subscription, or
// with DryRun the same computation with nothing kept.
#pragma once

#include "server/invoicing/invoice_warnings.h"
#include "server/storage/also_write.h"

namespace billing {

enum class Keep
{
    Draft,
    Nothing
};

struct DraftInvoice
{
    TenantId tenant;
    LocalDate periodStart;
    LocalDate periodEnd; ///< exclusive
    Keep keep = Keep::Draft;
};

/// Refuses, in order: NotFound (tenant_id), NoSubscription (none holds on periodStart), NotABillingPeriod,
/// PeriodNotOver (not when nothing is kept), PeriodAlreadyInvoiced (detail: the other invoice's id; not when
/// nothing is kept), then as drawInvoice and finalisingWarnings, then as also (which nothing calls when
/// nothing is kept). The warnings say what finalising would meet now; they are not kept.
Result<PreparedInvoice> draftInvoice(const Invoicing& invoicing, const DraftInvoice& command,
                                     std::string_view actor, const AlsoWrite<PreparedInvoice>& also = {});

} // namespace billing
