// I7 of one invoice: what it says it accounts for is what the events of its ranges add up to, none left out.
#pragma once

#include "server/invariants/violations.h"
#include "server/storage/storage.h"
#include "shared/model/meter_index.h"

namespace billing {

/// Refuses as storage.
Result<void> checkInvoiceUsage(Work& work, const MeterIndex& meters, const TenantId& tenant,
                               const InvoiceId& id, Violations& found);

} // namespace billing
