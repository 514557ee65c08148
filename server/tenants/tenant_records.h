// Tenants in the store, sealed whole, so that address, tax ids and e-mail are opened only here, for whoever
// may see them; the columns in clear beside it serve searching. Any thread; each call belongs to the Work it
// is given.
#pragma once

#include "server/secrets/sealing.h"
#include "server/storage/tenants.h"
#include "shared/model/tenant.h"

#include <optional>
#include <vector>

namespace billing {

class TenantRecords
{
public:
    /// The sealer outlives the records.
    explicit TenantRecords(const secrets::Sealer& sealer);

    /// Refuses AlreadyExists.
    Result<void> insert(Work& work, const Tenant& tenant) const;
    /// Puts a changed profile in the place of the one that was read. Refuses PreconditionFailed when it is no
    /// longer that one.
    Result<void> replace(Work& work, const Tenant& read, const Tenant& changed) const;
    /// Refuses SealBroken, UnknownKeyVersion when the profile cannot be opened.
    Result<std::optional<Tenant>> find(Work& work, const TenantId& id) const;
    /// In order of id, after the given one.
    Result<std::vector<Tenant>> list(Work& work, const std::optional<TenantId>& after, int limit) const;
    /// Of those, the ones with the text in their legal name or at the start of their id.
    Result<std::vector<Tenant>> search(Work& work, std::string_view text,
                                       const std::optional<TenantId>& after, int limit) const;

private:
    Result<Tenant> open(const storage::TenantRow& row) const;
    Result<std::vector<Tenant>> openAll(const Result<std::vector<storage::TenantRow>>& rows) const;

    const secrets::Sealer& m_sealer;
};

} // namespace billing
