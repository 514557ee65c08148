#include "server/storage/documents.h"

#include "server/storage/sql/stored.h"

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

Result<std::vector<NumberSeries>> numberSeries(Work& work)
{
    return sql::queryAll(work.session(),
                         "SELECT issuer, series, last_number FROM invoice_series ORDER BY issuer, series", {},
                         [](const Row& row) -> Result<NumberSeries> {
                             return NumberSeries{row.text(0), row.text(1), row.integer(2)};
                         });
}

Result<std::vector<UndrawnInvoice>> undrawnInvoices(Work& work, const NumberSeries& series,
                                                    const NumberRange& range, std::int64_t limit)
{
    return sql::queryAll(
        work.session(),
        "SELECT tenant_id, invoice_id, series_number FROM invoice i WHERE issuer = ? AND series = ? AND "
        "series_number > ? AND series_number <= ? AND status = 'finalised' AND NOT EXISTS "
        "(SELECT 1 FROM invoice_document d WHERE d.tenant_id = i.tenant_id AND d.invoice_id = i.invoice_id) "
        "AND NOT EXISTS (SELECT 1 FROM set_aside s WHERE s.tenant_id = i.tenant_id AND s.kind = 'document' "
        "AND s.subject = i.invoice_id) ORDER BY series_number LIMIT ?",
        {view(series.issuer), view(series.series), range.after, range.upTo, limit},
        [](const Row& row) -> Result<UndrawnInvoice> {
            return UndrawnInvoice{{TenantId(row.text(0)), InvoiceId(row.text(1))}, row.integer(2)};
        });
}

} // namespace billing::storage
