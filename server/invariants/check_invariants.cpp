#include "server/invariants/check_invariants.h"

#include "server/invariants/audit_checks.h"
#include "server/invariants/invoice_checks.h"
#include "server/invariants/usage_checks.h"
#include "server/storage/invariant_rows.h"

namespace billing {

namespace {

Result<void> askStore(Work& work, Violations& found)
{
    const auto each = [&](const storage::Breach& breach) -> Result<void> {
        found.add({breach.invariant, breach.subject, breach.detail});
        return {};
    };
    return storage::moneyBreaches(work, each)
        .and_then([&] { return storage::usageBreaches(work, each); })
        .and_then([&] { return storage::sealBreaches(work, each); })
        .and_then([&] { return storage::engineBreaches(work, each); });
}

Result<void> checkUsage(Work& work, const MeterIndex& meters, Violations& found)
{
    const auto tenants = storage::tenantsWithUsage(work);
    if (!tenants)
        return tenants.error();
    for (const TenantId& tenant : *tenants) {
        const auto done = found.settle("I6", checkTenantUsage(work, meters, tenant, found));
        if (!done)
            return done;
    }
    return {};
}

} // namespace

Result<std::vector<Violation>> checkInvariants(Storage& storage, const MeterIndex& meters,
                                               const secrets::Sealer& sealer)
{
    return readValue(storage, Scope::allTenants("check invariants"),
                     [&](Work& work) -> Result<std::vector<Violation>> {
                         Violations found; // here, since the body may run again
                         const auto done = askStore(work, found)
                                               .and_then([&] { return checkUsage(work, meters, found); })
                                               .and_then([&] { return checkAudit(work, found); })
                                               .and_then([&] { return checkProfiles(work, sealer, found); })
                                               .and_then([&] {
                                                   return checkInvoices(work, {meters, sealer}, found);
                                               });
                         return done ? Result<std::vector<Violation>>(found.take()) : done.error();
                     });
}

} // namespace billing
