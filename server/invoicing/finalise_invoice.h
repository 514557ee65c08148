// The use case of POST /invoices/{id}/finalise: draws the invoice up anew from all usage settled by now,
// gives it its number and date, freezes it, and posts and audits it, all in one transaction. After that it
// never changes.
#pragma once

#include "server/invoicing/invoicing.h"

namespace billing {

/// Refuses, in order: NotFound (invoice_id), InvoiceNotDraft, GracePeriodRunning, UsageNotSettled (usage
/// received before now still waits), then as drawInvoice.
Result<Invoice> finaliseInvoice(const Invoicing& invoicing, const TenantId& tenant, const InvoiceId& id,
                                std::string_view actor);

/// The same inside a transaction of the caller's; now is taken before it.
Result<Invoice> finaliseWithin(Work& work, const Invoicing& invoicing, const storage::InvoiceRow& draft,
                               std::string_view actor, Instant now);

} // namespace billing
