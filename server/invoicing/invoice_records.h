// Invoices in the store: the whole invoice sealed as its snapshot, beside the clear columns that lists and
// invariants need. What is read back is what was written, checked against its digest.
#pragma once

#include "server/secrets/sealing.h"
#include "server/storage/invoices.h"
#include "shared/model/invoice.h"

#include <optional>
#include <span>

namespace billing {

/// How an invoice stands in its series, beside what is printed.
struct InvoiceFiling
{
    std::string issuer;
    std::string series;
    std::optional<std::int64_t> seriesNumber = {};
    Instant createdAt = Instant::fromMicros(0);
    std::optional<Instant> finalisedAt = {};
};

class InvoiceRecords
{
public:
    /// The sealer outlives the records.
    explicit InvoiceRecords(const secrets::Sealer& sealer);

    /// A new draft with its parts. Refuses PeriodAlreadyInvoiced.
    Result<void> insert(Work& work, const Invoice& invoice, const InvoiceFiling& filing,
                        std::span<const storage::InvoiceUsageRow> usage) const;
    /// Replaces a draft and its parts. Refuses InvoiceNotDraft.
    Result<void> replace(Work& work, const Invoice& invoice, const InvoiceFiling& filing,
                         std::span<const storage::InvoiceUsageRow> usage) const;

    /// Opens a row's snapshot. Refuses SealBroken, UnknownKeyVersion, StorageCorrupt (its digest differs).
    Result<Invoice> open(const storage::InvoiceRow& row) const;
    /// The snapshot's JSON as it was frozen. Refuses as open.
    Result<std::string> openSnapshot(const storage::InvoiceRow& row) const;

private:
    storage::InvoiceRow rowOf(const Invoice& invoice, const InvoiceFiling& filing) const;

    const secrets::Sealer& m_sealer;
};

} // namespace billing
