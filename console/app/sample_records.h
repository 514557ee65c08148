// Tenants and invoices that no server has, for the pictures of states that a real one is rarely in: names of
// 300 characters, amounts of twelve digits, names that look like code. Pure.
#pragma once

#include "shared/client/queries.h"

namespace billing::console {

enum class SampleSize
{
    Usual,
    Extreme
};

struct SampleRecords
{
    std::vector<wire::ShownTenant> tenants;
    std::vector<Invoice> invoices;
    std::vector<wire::InvoiceSummary> summaries; ///< of the invoices, same order
};

SampleRecords sampleRecords(SampleSize size);
wire::InvoiceSummary summaryOf(const Invoice& invoice);

} // namespace billing::console
