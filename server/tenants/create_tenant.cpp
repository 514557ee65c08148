#include "server/tenants/create_tenant.h"

#include "server/audit/append_entry.h"
#include "server/tenants/check_profile.h"

namespace billing {

Result<Tenant> createTenant(TenantPorts ports, const Tenant& tenant, std::string_view actor,
                            const AlsoWrite<Tenant>& also)
{
    const auto checked = checkedProfile(tenant);
    if (!checked)
        return checked.error();
    Tenant stored = *checked;
    stored.createdAt = ports.clock.now();
    return writeValue(ports.storage, Scope::tenant(tenant.id), Priority::Money, WorkId(ports.ids.next("wrk")),
                      [&](Work& work) -> Result<Tenant> {
                          const auto inserted = ports.records.insert(work, stored);
                          if (!inserted)
                              return inserted.error();
                          const auto noted = audit::appendEntry(
                              work,
                              {stored.id, std::string(actor), "create", "tenant:" + stored.id.text(),
                               R"({"currency":")" + std::string(stored.currency.code()) + R"("})"},
                              stored.createdAt);
                          if (!noted)
                              return noted.error();
                          return alsoWriting<Tenant>(work, stored, also);
                      });
}

} // namespace billing
