// One row of GET /invoices: what a list shows, without the lines. Values only, any thread.
#pragma once

#include "shared/model/invoice.h"

#include <optional>
#include <string>

namespace billing::wire {

struct InvoiceSummary
{
    InvoiceId id;
    TenantId tenant;
    SubscriptionId subscription;
    InvoiceStatus status;
    std::optional<std::string> number;
    LocalDate periodStart;
    LocalDate periodEnd; ///< exclusive
    Money net;
    Money tax;
    Money total;
    std::optional<LocalDate> issueDate;
    std::optional<LocalDate> dueDate;
};

std::string encodeInvoiceSummary(const InvoiceSummary& summary);

} // namespace billing::wire
