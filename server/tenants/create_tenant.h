// The use case of POST /tenants: checks the profile (check_profile.h) and stores it with its audit entry in
// one transaction.
#pragma once

#include "server/storage/also_write.h"
#include "server/tenants/tenant_records.h"
#include "shared/kernel/id_factory.h"

namespace billing {

struct TenantPorts
{
    Storage& storage;
    const Clock& clock;
    IdFactory& ids;
    const TenantRecords& records;
};

/// Refuses as checkedProfile, then AlreadyExists, then as also. createdAt is set here. Answers the tenant as
/// stored.
Result<Tenant> createTenant(TenantPorts ports, const Tenant& tenant, std::string_view actor,
                            const AlsoWrite<Tenant>& also = {});

} // namespace billing
