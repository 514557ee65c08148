#include "server/tenants/tenant_directory.h"

#include "server/storage/tenants.h"

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

Result<bool> TenantDirectory::exists(const TenantId& id)
{
    if (isRemembered(id))
        return true;
    const auto found =
        readValue(m_storage, Scope::tenant(id), [&](Work& work) { return storage::findTenant(work, id); });
    if (!found)
        return found.error();
    if (found->has_value()) {
        const std::unique_lock lock(m_mutex);
        m_known.insert(id);
    }
    return found->has_value();
}

} // namespace billing
