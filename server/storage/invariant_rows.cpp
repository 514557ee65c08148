#include "server/storage/invariant_rows.h"

#include "server/storage/sql/stored.h"

#include <cstring>

namespace billing::storage {

namespace {

std::string_view view(const std::string& text)
{
    return text;
}

template <std::size_t Size>
Result<std::array<std::uint8_t, Size>> bytesOf(const std::string& text, std::string_view column)
{
    if (text.size() != Size)
        return Error{ErrorCode::StorageCorrupt, std::string(column)};
    std::array<std::uint8_t, Size> bytes{};
    std::memcpy(bytes.data(), text.data(), Size);
    return bytes;
}

} // namespace

Result<std::vector<TenantId>> tenantsWithUsage(Work& work)
{
    // Identities and rollups may be there without events: those tenants are asked about as well.
    return sql::queryAll(
        work.session(),
        "SELECT tenant_id FROM usage_head UNION SELECT tenant_id FROM tenant ORDER BY tenant_id", {},
        [](const sql::Row& row) { return Result<TenantId>(TenantId(row.text(0))); });
}

Result<void> identitiesOf(Work& work, const TenantId& tenant, const EachIdentity& each)
{
    return work.session().query(
        "SELECT identity_hash, payload_sha256 FROM event_identity WHERE tenant_id = ?", {view(tenant.text())},
        [&](const sql::Row& row) -> Result<void> {
            const auto identity = bytesOf<16>(row.text(0), "identity_hash");
            const auto payload = bytesOf<32>(row.text(1), "payload_sha256");
            if (!identity || !payload)
                return identity ? payload.error() : identity.error();
            return each(*identity, *payload);
        });
}

Result<void> repeatedEvents(Work& work, const TenantId& tenant, const EachBreach& each)
{
    return work.session().query(
        "SELECT source, event_id, count(*) FROM usage_event WHERE tenant_id = ? "
        "GROUP BY source, event_id HAVING count(*) > 1",
        {view(tenant.text())}, [&](const sql::Row& row) {
            return each({"I3", "event:" + tenant.text() + "/" + row.text(0) + "/" + row.text(1),
                         "stored " + std::to_string(row.integer(2)) + " times"});
        });
}

Result<std::int64_t> countRollups(Work& work, const TenantId& tenant)
{
    const auto found =
        sql::queryOne(work.session(), "SELECT count(*) FROM usage_rollup WHERE tenant_id = ?",
                      {view(tenant.text())}, [](const sql::Row& row) { return row.integer(0); });
    return found ? Result<std::int64_t>(**found) : found.error();
}

Result<std::vector<StoredLine>> storedLines(Work& work, const TenantId& tenant, const InvoiceId& id)
{
    return sql::queryAll(
        work.session(),
        "SELECT line_no, charge_code, coalesce(meter_code, ''), dimension_key, quantity, unit_price, "
        "unit_divisor, "
        "tax_category, currency, amount FROM invoice_line WHERE tenant_id = ? AND invoice_id = ? ORDER BY "
        "line_no",
        {view(tenant.text()), view(id.text())}, [](const sql::Row& row) -> Result<StoredLine> {
            return StoredLine{row.integer(0), row.text(1), row.text(2), row.text(3), row.text(4),
                              row.text(5),    row.text(6), row.text(7), row.text(8), row.integer(9)};
        });
}

Result<std::vector<StoredTax>> storedTaxes(Work& work, const TenantId& tenant, const InvoiceId& id)
{
    return sql::queryAll(
        work.session(),
        "SELECT category, name, rate, base, tax FROM invoice_tax WHERE tenant_id = ? AND "
        "invoice_id = ? ORDER BY ordinal",
        {view(tenant.text()), view(id.text())}, [](const sql::Row& row) -> Result<StoredTax> {
            return StoredTax{row.text(0), row.text(1), row.text(2), row.integer(3), row.integer(4)};
        });
}

Result<void> finaliseRecords(Work& work, const TenantId& tenant, const EachFinaliseRecord& each)
{
    return work.session().query(
        "SELECT i.invoice_id, i.snapshot_sha256, coalesce(a.entries, 0), coalesce(a.body, '') FROM invoice i "
        "LEFT JOIN "
        "(SELECT object, count(*) AS entries, max(body) AS body FROM audit_entry WHERE tenant_id = ? AND "
        "action = 'finalise' GROUP BY object) a ON a.object = 'invoice:' || i.invoice_id "
        "WHERE i.tenant_id = ? AND i.status <> 'draft' ORDER BY i.invoice_id",
        {view(tenant.text()), view(tenant.text())}, [&](const sql::Row& row) {
            return each({InvoiceId(row.text(0)), row.text(1), row.integer(2), row.text(3)});
        });
}

} // namespace billing::storage
