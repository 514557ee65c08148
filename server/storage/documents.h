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

/// A part of a list: so many, behind the first so many.
struct Window
{
    std::int64_t skip;
    std::int64_t limit;
};

/// Finalised invoices that have no document yet, oldest number first.
Result<std::vector<InvoiceKey>> invoicesWithoutDocument(Work& work, const Window& window);

} // namespace billing::storage
