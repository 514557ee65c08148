#include "server/tenants/tenant_directory.h"

#include "server/storage/tenants.h"

#include <algorithm>
#include <mutex>

namespace billing {

TenantDirectory::TenantDirectory(Storage& storage)
    : m_storage(storage)
{
}

bool TenantDirectory::isRemembered(const TenantId& id) const
{
    const std::shared_lock lock(m_mutex);
    return m_known.contains(id);
}

Result<void> TenantDirectory::lookUp(const std::vector<TenantId>& ids)
{
    std::vector<TenantId> unknown;
    std::copy_if(ids.begin(), ids.end(), std::back_inserter(unknown),
                 [&](const TenantId& id) { return !isRemembered(id); });
    std::sort(unknown.begin(), unknown.end());
    unknown.erase(std::unique(unknown.begin(), unknown.end()), unknown.end());
    if (unknown.empty())
        return {};
    const auto found = readValue(m_storage, Scope::allTenants("usage_of"),
                                 [&](Work& work) { return storage::existingTenants(work, unknown); });
    if (!found)
        return found.error();
    const std::unique_lock lock(m_mutex);
    m_known.insert(found->begin(), found->end());
    return {};
}

} // namespace billing
