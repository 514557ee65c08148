#include "server/tenants/tenant_records.h"

#include "shared/wire/tenant_json.h"

namespace billing {

namespace {

secrets::SealContext placeOf(const TenantId& id)
{
    return {id.text(), "tenant", "sealed_profile", id.text()};
}

} // namespace

TenantRecords::TenantRecords(const secrets::Sealer& sealer)
    : m_sealer(sealer)
{
}

Result<void> TenantRecords::insert(Work& work, const Tenant& tenant) const
{
    return storage::insertTenant(work,
                                 {tenant, m_sealer.seal(wire::encodeTenant(tenant), placeOf(tenant.id))});
}

Result<void> TenantRecords::replace(Work& work, const Tenant& read, const Tenant& changed) const
{
    const auto row = storage::findTenant(work, read.id);
    if (!row)
        return row.error();
    const auto stored = row->has_value() ? open(**row) : Result<Tenant>(ErrorCode::NotFound);
    if (!stored)
        return stored.error();
    const Error moved{ErrorCode::PreconditionFailed, "If-Match", "the tenant was changed meanwhile"};
    if (*stored != read)
        return moved;
    // Read above and written here; between the two another server may have written.
    const auto replaced = storage::replaceTenant(
        work, {changed, m_sealer.seal(wire::encodeTenant(changed), placeOf(changed.id))},
        (*row)->sealedProfile);
    if (!replaced)
        return replaced.error();
    return *replaced ? Result<void>() : moved;
}

Result<Tenant> TenantRecords::open(const storage::TenantRow& row) const
{
    const auto profile = m_sealer.open(row.sealedProfile, placeOf(row.tenant.id));
    if (!profile)
        return profile.error();
    auto tenant = wire::decodeTenant(*profile);
    if (!tenant || tenant->id != row.tenant.id)
        return Error{ErrorCode::StorageCorrupt, "tenant:" + row.tenant.id.text()};
    return tenant;
}

Result<std::optional<Tenant>> TenantRecords::find(Work& work, const TenantId& id) const
{
    const auto row = storage::findTenant(work, id);
    if (!row)
        return row.error();
    if (!row->has_value())
        return std::optional<Tenant>();
    auto tenant = open(**row);
    return tenant ? Result<std::optional<Tenant>>(std::move(*tenant)) : tenant.error();
}

Result<std::vector<Tenant>> TenantRecords::list(Work& work, const std::optional<TenantId>& after,
                                                int limit) const
{
    return openAll(storage::listTenants(work, after, limit));
}

Result<std::vector<Tenant>> TenantRecords::search(Work& work, std::string_view text,
                                                  const std::optional<TenantId>& after, int limit) const
{
    return openAll(storage::searchTenants(work, text, after, limit));
}

Result<std::vector<Tenant>> TenantRecords::openAll(const Result<std::vector<storage::TenantRow>>& rows) const
{
    if (!rows)
        return rows.error();
    std::vector<Tenant> tenants;
    for (const storage::TenantRow& row : *rows) {
        auto tenant = open(row);
        if (!tenant)
            return tenant.error();
        tenants.push_back(std::move(*tenant));
    }
    return tenants;
}

} // namespace billing
