// GET /tenants/{id}/standing: how far the tenant is into what its plan includes in the period that holds now.
// The kernel refuses executions by it; usage itself is never refused. Without a subscription there are no
// limits to tell.
#include "server/api/endpoints.h"
#include "server/api/error_status.h"
#include "server/rating/limits.h"
#include "server/storage/subscriptions.h"
#include "server/storage/usage_totals.h"
#include "shared/calendar/billing_periods.h"
#include "shared/wire/standing_json.h"

namespace billing::api {

namespace {

Result<std::vector<LimitStanding>> limitsNow(Work& work, const Invoicing& invoicing,
                                             const Subscription& subscription, Instant now)
{
    const auto zone = TimeZone::find(subscription.timeZone);
    if (!zone)
        return zone.error();
    const auto plan = planVersion(invoicing.catalog, subscription.plan, subscription.planVersion);
    if (!plan)
        return plan.error();
    const auto period = periodContaining(subscription, plan->interval, zone->dateOf(now));
    if (!period) // not begun, or over
        return std::vector<LimitStanding>();
    const auto usage = storage::usageIn(work, subscription.tenant, period->range, invoicing.meters);
    if (!usage)
        return usage.error();
    return limitsOf(*plan, invoicing.catalog.meters, storage::totalsOf(*usage));
}

wire::LimitState stateOf(LimitState state)
{
    return state == LimitState::Ok     ? wire::LimitState::Ok
           : state == LimitState::Near ? wire::LimitState::Near
                                       : wire::LimitState::Exceeded;
}

} // namespace

Result<http::Response> getStanding(const Services& services, const Call& call)
{
    const auto tenant = call.onlyParameters({}).and_then([&] { return tenantOfPath(services, call); });
    if (!tenant)
        return tenant.error();
    const Invoicing& invoicing = services.invoicing;
    wire::Standing standing{tenant->id, invoicing.clock.now(), {}};
    const auto read = invoicing.storage.read(Scope::tenant(tenant->id), [&](Work& work) -> Result<void> {
        standing.limits.clear();
        const auto subscriptions = storage::subscriptionsOf(work, tenant->id);
        if (!subscriptions)
            return subscriptions.error();
        for (const Subscription& subscription : *subscriptions) {
            const auto limits = limitsNow(work, invoicing, subscription, standing.asOf);
            if (!limits)
                return limits.error();
            for (const LimitStanding& limit : *limits)
                standing.limits.push_back({limit.metricType, limit.chargeCode, limit.included, limit.used,
                                           stateOf(limit.state), limit.policy});
        }
        return {};
    });
    return read ? Result<http::Response>(json(200, wire::encodeStanding(standing))) : read.error();
}

} // namespace billing::api
