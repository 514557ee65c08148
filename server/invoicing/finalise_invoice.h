// The use case of POST /invoices/{id}/finalise: draws the invoice up anew from all usage settled by now,
// gives it its number and date, freezes it, and posts and audits it, all in one transaction. After that it
// never changes.
#pragma once

#include "server/invoicing/invoicing.h"
#include "server/storage/also_write.h"

namespace billing {

/// Usage received up to the cut is on the invoice for certain: finalising waits until all of it is settled. A
/// clockwork's cut is the period's end with its grace; that of a draft made by hand is not before the draft,
/// so that usage somebody sent first counts. A cut never moves, so a server that is always busy still gets
/// there. Usage received later is on the invoice if it happens to be settled, else it is late.
struct Finalising
{
    Instant now; ///< taken before the transaction
    Instant cut;
};

/// Refuses, in order: NotFound (invoice_id), InvoiceNotDraft, GracePeriodRunning, UsageNotSettled (usage
/// received up to the cut still waits), then as drawInvoice.
Result<Invoice> finaliseInvoice(const Invoicing& invoicing, const TenantId& tenant, const InvoiceId& id,
                                std::string_view actor);

struct FinaliseInvoice
{
    TenantId tenant;
    InvoiceId id;
    std::string actor;
    AlsoWrite<Invoice> also = {};
};

/// The same with something more to write in its transaction. Refuses the same, then as also.
Result<Invoice> finaliseInvoice(const Invoicing& invoicing, const FinaliseInvoice& command);

/// The cut of a draft that somebody made.
Instant cutOf(const Invoicing& invoicing, const storage::InvoiceRow& draft);

/// The same inside a transaction of the caller's.
Result<Invoice> finaliseWithin(Work& work, const Invoicing& invoicing, const storage::InvoiceRow& draft,
                               std::string_view actor, Finalising moment);

} // namespace billing
