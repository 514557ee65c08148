// Every invoice against its own snapshot and figures: I7 (with invoice_usage_checks), I9 sums and taxes, I17
// columns and document are the snapshot's, I20 what is sealed opens.
#pragma once

#include "server/invariants/violations.h"
#include "server/secrets/sealing.h"
#include "server/storage/storage.h"
#include "shared/model/meter_index.h"

namespace billing {

struct InvoiceCheckPorts
{
    const MeterIndex& meters;
    const secrets::Sealer& sealer;
};

/// Refuse as storage.
Result<void> checkInvoices(Work& work, InvoiceCheckPorts ports, Violations& found);
/// I20 of the tenants' profiles.
Result<void> checkProfiles(Work& work, const secrets::Sealer& sealer, Violations& found);

} // namespace billing
