// Which tenants exist, for the hot road of usage: remembered once seen, since a tenant is never deleted.
// Unknown ids are not remembered, so that a tenant just created is found. Any thread.
#pragma once

#include "server/storage/storage.h"

#include <shared_mutex>
#include <unordered_set>

namespace billing {

class TenantDirectory
{
public:
    explicit TenantDirectory(Storage& storage);

    /// Without asking the store: true when the tenant has been seen.
    bool isRemembered(const TenantId& id) const;
    /// Remembers those of them that exist: one question to the store, however many are not remembered yet;
    /// blocks. Refuses as storage.
    Result<void> lookUp(const std::vector<TenantId>& ids);

private:
    Storage& m_storage;
    mutable std::shared_mutex m_mutex;
    std::unordered_set<TenantId> m_known;
};

} // namespace billing
