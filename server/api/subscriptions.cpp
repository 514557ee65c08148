// POST /subscriptions, GET /subscriptions?tenant_id=, GET /plans.
#include "server/storage/subscriptions.h"
#include "server/api/endpoints.h"
#include "server/api/error_status.h"
#include "server/subscriptions/create_subscription.h"
#include "server/subscriptions/periods_due.h"
#include "shared/wire/list_json.h"
#include "shared/wire/plan_json.h"
#include "shared/wire/subscription_json.h"

namespace billing::api {

Result<http::Response> postSubscription(const Services& services, const Call& call)
{
    const auto allowed = call.onlyParameters({}).and_then([&] { return call.requireJson(); });
    if (!allowed)
        return allowed.error();
    const auto request = wire::decodeSubscriptionRequest(call.request.body);
    if (!request)
        return request.error();
    const auto visible = call.maySee(request->tenant);
    if (!visible)
        return visible.error();
    const Invoicing& invoicing = services.invoicing;
    const auto respond = [&](const Subscription& created) {
        const auto due = periodsDue(created, invoicing.catalog, created.createdAt);
        return json(201, wire::encodeSubscription(created, due ? due->count : 0));
    };
    const auto created = createSubscription(
        {invoicing.storage, invoicing.clock, invoicing.ids, invoicing.catalog},
        {request->tenant, request->plan, request->startsOn, request->billFrom, request->confirmPeriods},
        call.principal.subject, services.idempotency.keeping<Subscription>(call, respond));
    return created ? Result<http::Response>(respond(*created)) : created.error();
}

Result<http::Response> getSubscriptions(const Services& services, const Call& call)
{
    const auto allowed = call.onlyParameters({"tenant_id"});
    if (!allowed)
        return allowed.error();
    const auto tenant = parseTenantId(call.parameter("tenant_id").value_or(""));
    if (!tenant)
        return tenant.error();
    const auto visible = call.maySee(*tenant);
    if (!visible)
        return visible.error();
    const auto subscriptions = readValue(services.invoicing.storage, Scope::tenant(*tenant),
                                         [&](Work& work) { return storage::subscriptionsOf(work, *tenant); });
    if (!subscriptions)
        return subscriptions.error();
    std::vector<std::string> items;
    for (const Subscription& subscription : *subscriptions)
        items.push_back(wire::encodeSubscription(subscription));
    return json(200, wire::encodeList("subscriptions", items, {}));
}

Result<http::Response> getPlans(const Services& services, const Call& call)
{
    const auto allowed = call.onlyParameters({});
    if (!allowed)
        return allowed.error();
    return json(200, wire::encodeCatalog(services.invoicing.catalog));
}

} // namespace billing::api
