// GET /tenants/{id}/standing: how far the tenant is into what its plan includes in the period that holds now.
// The kernel refuses executions by it; usage itself is never refused. Without a subscription there are no
// limits to tell.
#include "server/api/endpoints.h"
#include "server/api/error_status.h"
#include "server/api/limits_now.h"
#include "shared/wire/standing_json.h"

namespace billing::api {

Result<http::Response> getStanding(const Services& services, const Call& call)
{
    const auto tenant = call.onlyParameters({}).and_then([&] { return tenantOfPath(services, call); });
    if (!tenant)
        return tenant.error();
    const Invoicing& invoicing = services.invoicing;
    wire::Standing standing{tenant->id, invoicing.clock.now(), {}};
    const auto read = invoicing.storage.read(Scope::tenant(tenant->id), [&](Work& work) -> Result<void> {
        standing.limits.clear();
        const auto limits = limitsNow(work, invoicing, tenant->id, standing.asOf);
        if (!limits)
            return limits.error();
        for (const LimitStanding& limit : *limits)
            standing.limits.push_back({limit.metricType, limit.chargeCode, limit.included, limit.used,
                                       wireState(limit.state), limit.policy});
        return {};
    });
    return read ? Result<http::Response>(json(200, wire::encodeStanding(standing))) : read.error();
}

} // namespace billing::api
