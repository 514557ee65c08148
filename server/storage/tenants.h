// The table of tenants. Address, tax ids and e-mail arrive and leave as one sealed blob: storage never sees
// them, and `tenant` has those fields empty.
#pragma once

#include "server/storage/storage.h"
#include "shared/model/tenant.h"

#include <optional>
#include <span>
#include <vector>

namespace billing::storage {

struct TenantRow
{
    Tenant tenant;
    std::string sealedProfile;

    friend bool operator==(const TenantRow&, const TenantRow&) = default;
};

/// Refuses AlreadyExists.
Result<void> insertTenant(Work& work, const TenantRow& row);
/// The row in place of the one with its id and that sealed profile. False when there is none such: somebody
/// changed it meanwhile.
Result<bool> replaceTenant(Work& work, const TenantRow& row, std::string_view sealedBefore);
Result<std::optional<TenantRow>> findTenant(Work& work, const TenantId& id);
/// Those of them that there are, in their order; one question.
Result<std::vector<TenantId>> existingTenants(Work& work, std::span<const TenantId> ids);
/// In order of id, from the one behind `after`.
Result<std::vector<TenantRow>> listTenants(Work& work, const std::optional<TenantId>& after, int limit);
/// Of those, the ones with the text in their legal name or at the start of their id; the case of ASCII
/// letters does not count.
Result<std::vector<TenantRow>> searchTenants(Work& work, std::string_view text,
                                             const std::optional<TenantId>& after, int limit);

} // namespace billing::storage
