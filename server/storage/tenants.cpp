#include "server/storage/tenants.h"

#include "server/storage/invoice_list.h"
#include "server/storage/sql/stored.h"

namespace billing::storage {

namespace {

Result<TenantRow> toRow(const sql::Row& row)
{
    const auto currency = sql::stored(Currency::parse(row.text(3)), "tenant.currency");
    if (!currency)
        return currency.error();
    const auto taxCategory = sql::stored(parseTaxCategory(row.text(6)), "tenant.tax_category");
    if (!taxCategory)
        return taxCategory.error();
    Tenant tenant{TenantId(row.text(0)), row.text(1), row.text(2), *currency, row.text(4), row.text(5)};
    tenant.taxCategory = *taxCategory;
    tenant.createdAt = Instant::fromMicros(row.integer(8));
    return TenantRow{std::move(tenant), row.text(7)};
}

} // namespace

Result<void> insertTenant(Work& work, const TenantRow& row)
{
    const Tenant& tenant = row.tenant;
    const auto inserted = work.session().execute(
        "INSERT INTO tenant (tenant_id, legal_name, country, currency, time_zone, locale, tax_category,"
        " sealed_profile, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        {tenant.id.text(), tenant.legalName, tenant.country, tenant.currency.code(), tenant.timeZone,
         tenant.locale, wireName(tenant.taxCategory), sql::Blob{row.sealedProfile},
         tenant.createdAt.micros()});
    if (!inserted)
        return inserted.error();
    if (*inserted == 0)
        return Error{ErrorCode::AlreadyExists, tenant.id.text()};
    return {};
}

Result<bool> replaceTenant(Work& work, const TenantRow& row, std::string_view sealedBefore)
{
    const Tenant& tenant = row.tenant;
    const auto replaced =
        work.session().execute("UPDATE tenant SET legal_name = ?, country = ?, currency = ?, time_zone = ?, "
                               "locale = ?, tax_category = ?,"
                               " sealed_profile = ? WHERE tenant_id = ? AND sealed_profile = ?",
                               {tenant.legalName, tenant.country, tenant.currency.code(), tenant.timeZone,
                                tenant.locale, wireName(tenant.taxCategory), sql::Blob{row.sealedProfile},
                                tenant.id.text(), sql::Blob{sealedBefore}});
    return replaced ? Result<bool>(*replaced == 1) : replaced.error();
}

Result<std::optional<TenantRow>> findTenant(Work& work, const TenantId& id)
{
    return sql::queryFirst(work.session(),
                           "SELECT tenant_id, legal_name, country, currency, time_zone, locale, tax_category,"
                           " sealed_profile, created_at FROM tenant WHERE tenant_id = ?",
                           {id.text()}, toRow);
}

Result<std::vector<TenantId>> existingTenants(Work& work, std::span<const TenantId> ids)
{
    std::vector<sql::Value> values;
    for (const TenantId& id : ids)
        values.emplace_back(std::string_view(id.text()));
    std::vector<TenantId> found;
    const auto done = work.session().queryMany("SELECT tenant_id FROM tenant WHERE tenant_id = ?", 1, values,
                                               [&](std::size_t index, const sql::Row&) -> Result<void> {
                                                   found.push_back(ids[index]);
                                                   return {};
                                               });
    return done ? Result<std::vector<TenantId>>(std::move(found)) : done.error();
}

Result<std::vector<TenantRow>> listTenants(Work& work, const std::optional<TenantId>& after, int limit)
{
    const std::string from = after ? after->text() : std::string();
    return sql::queryAll(
        work.session(),
        "SELECT tenant_id, legal_name, country, currency, time_zone, locale, tax_category,"
        " sealed_profile, created_at FROM tenant WHERE tenant_id > ? ORDER BY tenant_id LIMIT ?",
        {from, std::int64_t{limit}}, toRow);
}

Result<std::vector<TenantRow>> searchTenants(Work& work, std::string_view text,
                                             const std::optional<TenantId>& after, int limit)
{
    const std::string from = after ? after->text() : std::string();
    const std::string part = likePart(text);
    const std::string name = '%' + part + '%';
    const std::string id = part + '%';
    return sql::queryAll(
        work.session(),
        "SELECT tenant_id, legal_name, country, currency, time_zone, locale, tax_category,"
        " sealed_profile, created_at FROM tenant WHERE tenant_id > ? AND "
        "(lower(legal_name) LIKE ? ESCAPE '\\' OR tenant_id LIKE ? ESCAPE '\\') ORDER BY tenant_id LIMIT ?",
        {from, name, id, std::int64_t{limit}}, toRow);
}

} // namespace billing::storage
