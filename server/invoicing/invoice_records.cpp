#include "server/invoicing/invoice_records.h"

#include "server/secrets/sha256.h"
#include "shared/wire/invoice_json.h"

namespace billing {

namespace {

secrets::SealContext placeOf(const TenantId& tenant, const InvoiceId& id)
{
    return {tenant.text(), "invoice", "sealed_snapshot", id.text()};
}

} // namespace

InvoiceRecords::InvoiceRecords(const secrets::Sealer& sealer)
    : m_sealer(sealer)
{
}

storage::InvoiceRow InvoiceRecords::rowOf(const Invoice& invoice, const InvoiceFiling& filing) const
{
    const std::string snapshot = wire::encodeInvoice(invoice);
    return {invoice.id,
            invoice.tenant,
            invoice.subscription,
            invoice.status,
            filing.issuer,
            filing.series,
            filing.seriesNumber,
            invoice.number,
            invoice.period,
            invoice.net,
            invoice.tax,
            invoice.total,
            invoice.issueDate,
            invoice.dueDate,
            filing.createdAt,
            filing.finalisedAt,
            secrets::toBytes(secrets::sha256(snapshot)),
            m_sealer.seal(snapshot, placeOf(invoice.tenant, invoice.id))};
}

Result<void> InvoiceRecords::insert(Work& work, const Invoice& invoice, const InvoiceFiling& filing,
                                    std::span<const storage::InvoiceUsageRow> usage) const
{
    return storage::insertInvoice(work, rowOf(invoice, filing)).and_then([&] {
        return storage::insertInvoiceParts(work, invoice, usage);
    });
}

Result<void> InvoiceRecords::replace(Work& work, const Invoice& invoice, const InvoiceFiling& filing,
                                     std::span<const storage::InvoiceUsageRow> usage) const
{
    return storage::replaceDraft(work, rowOf(invoice, filing))
        .and_then([&] { return storage::removeInvoiceParts(work, invoice.tenant, invoice.id); })
        .and_then([&] { return storage::insertInvoiceParts(work, invoice, usage); });
}

Result<std::string> InvoiceRecords::openSnapshot(const storage::InvoiceRow& row) const
{
    auto snapshot = m_sealer.open(row.sealedSnapshot, placeOf(row.tenant, row.id));
    if (snapshot && secrets::toBytes(secrets::sha256(*snapshot)) != row.snapshotSha256)
        return Error{ErrorCode::StorageCorrupt, "invoice:" + row.id.text(),
                     "the snapshot is not the one digested"};
    return snapshot;
}

Result<Invoice> InvoiceRecords::open(const storage::InvoiceRow& row) const
{
    const auto snapshot = openSnapshot(row);
    if (!snapshot)
        return snapshot.error();
    auto invoice = wire::decodeInvoice(*snapshot);
    if (!invoice)
        return Error{ErrorCode::StorageCorrupt, "invoice:" + row.id.text(), toText(invoice.error())};
    return invoice;
}

} // namespace billing
