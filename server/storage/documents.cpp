#include "server/storage/documents.h"

#include "server/storage/sql/session.h"

namespace billing::storage {

using sql::Blob;
using sql::Row;

namespace {

std::string_view view(const std::string& text)
{
    return text;
}

} // namespace

Result<void> insertDocument(Work& work, const DocumentRow& row)
{
    const auto done =
        work.session().execute("INSERT INTO invoice_document (tenant_id, invoice_id, sha256, size, path, "
                               "template_version, rendered_at) VALUES "
                               "(?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                               {view(row.tenant.text()), view(row.invoice.text()), Blob{row.sha256}, row.size,
                                view(row.path), std::int64_t{row.templateVersion}, row.renderedAt.micros()});
    if (!done)
        return done.error();
    return *done == 1 ? Result<void>() : Error{ErrorCode::AlreadyExists, "document"};
}

Result<std::optional<DocumentRow>> findDocument(Work& work, const TenantId& tenant, const InvoiceId& invoice)
{
    return queryOne(work.session(),
                    "SELECT sha256, size, path, template_version, rendered_at FROM invoice_document WHERE "
                    "tenant_id = ? AND "
                    "invoice_id = ?",
                    {view(tenant.text()), view(invoice.text())}, [&](const Row& row) {
                        return DocumentRow{tenant,
                                           invoice,
                                           row.text(0),
                                           row.integer(1),
                                           row.text(2),
                                           static_cast<int>(row.integer(3)),
                                           Instant::fromMicros(row.integer(4))};
                    });
}

Result<std::vector<InvoiceKey>> invoicesWithoutDocument(Work& work, const Window& window)
{
    std::vector<InvoiceKey> keys;
    const auto done = work.session().query(
        "SELECT i.tenant_id, i.invoice_id FROM invoice i LEFT JOIN invoice_document d ON d.tenant_id = "
        "i.tenant_id AND "
        "d.invoice_id = i.invoice_id WHERE i.status = 'finalised' AND d.invoice_id IS NULL "
        "ORDER BY i.issuer, i.series, i.series_number LIMIT ? OFFSET ?",
        {window.limit, window.skip}, [&](const Row& row) -> Result<void> {
            keys.push_back({TenantId(row.text(0)), InvoiceId(row.text(1))});
            return {};
        });
    return done ? Result<std::vector<InvoiceKey>>(std::move(keys)) : done.error();
}

} // namespace billing::storage
