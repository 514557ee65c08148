// What every use case of this room is handed: the ports, who sells, what is sold, and how records are sealed.
// One per server, shared by all threads; nothing in it changes after the start.
#pragma once

#include "server/invoicing/invoice_records.h"
#include "server/storage/storage.h"
#include "server/tenants/tenant_records.h"
#include "shared/kernel/id_factory.h"
#include "shared/model/issuer.h"
#include "shared/model/meter_index.h"
#include "shared/model/plan.h"
#include "shared/wire/invoice_warnings_json.h"

#include <functional>
#include <vector>

namespace billing {

struct Invoicing
{
    Storage& storage;
    const Clock& clock;
    IdFactory& ids;
    const Issuer& issuer;
    const Catalog& catalog;
    const MeterIndex& meters;
    const TenantRecords& tenants;
    const InvoiceRecords& records;
    /// How long after its end a period waits for stragglers before it may be finalised.
    Duration grace = std::chrono::hours(12);
    /// What a reader should know of how the invoice will print; the composition root hands it in, since this
    /// module knows no fonts. Empty: nothing is said.
    std::function<std::vector<wire::InvoiceWarning>(const Invoice&)> printCheck = {};
};

} // namespace billing
