// POST /invoices on the wire: {"tenant_id","period_start","period_end","dry_run"?}. Values only, any thread.
// Source: DESIGN section 4.
#pragma once

#include "shared/kernel/local_date.h"
#include "shared/model/ids.h"

#include <string>
#include <string_view>

namespace billing::wire {

struct InvoiceRequest
{
    TenantId tenant;
    LocalDate periodStart;
    LocalDate periodEnd; ///< the first day that is no longer in it
    bool dryRun = false; ///< computes and keeps nothing

    friend bool operator==(const InvoiceRequest&, const InvoiceRequest&) = default;
};

/// Refuses what JsonDocument::parse refuses, then field by field: MissingField, WrongType, InvalidTenantId,
/// ReservedTenantId, InvalidDate, InvalidValue (the period ends before it has a day); at last UnknownField.
Result<InvoiceRequest> decodeInvoiceRequest(std::string_view body);
std::string encodeInvoiceRequest(const InvoiceRequest& request);

} // namespace billing::wire
