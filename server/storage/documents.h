// Which finalised invoices have their drawn, frozen PDF and where its sealed bytes lie. A row is written
// once.
#pragma once

#include "server/storage/storage.h"
#include "shared/kernel/instant.h"

#include <optional>
#include <string>
#include <vector>

namespace billing::storage {

struct DocumentRow
{
    TenantId tenant;
    InvoiceId invoice;
    std::string sha256; ///< 32 bytes, of the PDF as drawn
    std::int64_t size;  ///< bytes of the PDF
    std::string path;   ///< below the document directory
    int templateVersion;
    Instant renderedAt;
};

/// Refuses AlreadyExists.
Result<void> insertDocument(Work& work, const DocumentRow& row);
Result<std::optional<DocumentRow>> findDocument(Work& work, const TenantId& tenant, const InvoiceId& invoice);

struct InvoiceKey
{
    TenantId tenant;
    InvoiceId invoice;
};

/// The invoices of one issuer that are numbered together.
struct NumberSeries
{
    std::string issuer;
    std::string series;
    std::int64_t lastNumber; ///< given so far; numbers are committed in their order
};

/// There are few.
Result<std::vector<NumberSeries>> numberSeries(Work& work);

/// A stretch of a series: numbers in (after, upTo].
struct NumberRange
{
    std::int64_t after;
    std::int64_t upTo;
};

struct UndrawnInvoice
{
    InvoiceKey key;
    std::int64_t number; ///< in its series
};

/// Of the range, finalised invoices that have no document and are not set aside, lowest number first. Costs
/// the range, not the history.
Result<std::vector<UndrawnInvoice>> undrawnInvoices(Work& work, const NumberSeries& series,
                                                    const NumberRange& range, std::int64_t limit);

} // namespace billing::storage
