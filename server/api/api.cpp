#include "server/api/api.h"

#include "server/api/endpoints.h"
#include "server/api/error_status.h"
#include "server/api/usage_at_least.h"
#include "shared/wire/paths.h"

#include <string>

namespace billing::api {

namespace {

using access::Scope;
using Function = Result<http::Response> (*)(const Services&, const Call&);

/// ["a","b"] of names, which are our own words: nothing in them needs escaping.
std::string listOf(const std::vector<std::string>& names)
{
    std::string list = "[";
    for (const std::string& name : names)
        list.append(list.size() > 1 ? ",\"" : "\"").append(name).append("\"");
    return list += "]";
}

/// 200 with what is missing but can wait, or 503 with every reason: the code is of the first of them.
http::Response readiness(const Services& services)
{
    const Result<void> ready = services.ready();
    const Shortcomings found = services.shortcomings ? services.shortcomings() : Shortcomings();
    if (ready) {
        const std::string list = listOf(found.degraded);
        return json(200, found.degraded.empty() ? R"({"status":"ok"})"
                                                : R"({"status":"degraded","degraded":)" + list + "}");
    }
    http::Response response = problem(ready.error(), 503);
    std::string& body = std::get<std::string>(response.body);
    body.replace(body.rfind('}'), 1, R"(,"reasons":)" + listOf(found.reasons) + "}");
    return response;
}

} // namespace

void addRoutes(Router& router, const Services& services)
{
    const auto add = [&](std::string_view method, std::string_view path, std::string_view rest, Scope scope,
                         Function function) {
        router.add(method, std::string(path).append(rest), scope,
                   [&services, function](const Call& call) { return function(services, call); });
    };
    /// What changes something is done once for an idempotency key.
    const auto addOnce = [&](std::string_view path, std::string_view rest, Function function) {
        router.add("POST", std::string(path).append(rest), Scope::BillingWrite,
                   [&services, function](const Call& call) {
                       return services.idempotency.once(
                           call, [&](const Call& once) { return function(services, once); });
                   });
    };
    /// What may be asked to wait until it is fresh.
    const auto addFresh = [&](std::string_view path, std::string_view rest, Function function) {
        router.addAsync("GET", std::string(path).append(rest), Scope::BillingRead,
                        [&services, function](Call call, const http::Responder& responder) {
                            answerAtLeast(services, std::move(call), responder, function);
                        });
    };
    const auto usage = [&services](Call call, const http::Responder& responder) {
        services.postUsage(std::move(call), responder);
    };
    namespace paths = wire::paths;
    router.addAsync("POST", paths::usage, Scope::BillingWrite, usage);
    router.addAsync("POST", paths::usageBatch, Scope::BillingWrite, usage);
    addFresh(paths::currentUsage, "", getCurrentUsage);
    addFresh(paths::usage, "/{}", getUsage);
    add("GET", paths::conflicts, "", Scope::BillingRead, getConflicts);
    add("GET", paths::unlistedValues, "", Scope::BillingRead, getUnlistedValues);
    const auto addTenantOnce = [&](std::string_view method, std::string_view rest, Function function) {
        router.add(method, std::string(paths::tenants).append(rest), Scope::BillingWrite,
                   [&services, function](const Call& call) {
                       auto answer = services.idempotency.once(
                           call, [&](const Call& once) { return function(services, once); });
                       return answer ? Result<http::Response>(taggedTenant(std::move(*answer))) : answer;
                   });
    };
    addTenantOnce("POST", "", postTenant);
    addTenantOnce("PATCH", "/{}", patchTenant);
    add("GET", paths::tenants, "", Scope::BillingRead, getTenants);
    add("GET", paths::tenants, "/{}", Scope::BillingRead, getTenant);
    add("GET", paths::tenants, "/{}/standing", Scope::BillingRead, getStanding);
    addOnce(paths::subscriptions, "", postSubscription);
    add("GET", paths::subscriptions, "", Scope::BillingRead, getSubscriptions);
    add("GET", paths::plans, "", Scope::BillingRead, getPlans);
    addOnce(paths::invoices, "", postInvoice);
    add("GET", paths::invoices, "", Scope::BillingRead, getInvoices);
    add("GET", paths::invoices, "/{}", Scope::BillingRead, getInvoice);
    add("GET", paths::invoices, "/{}/pdf", Scope::BillingRead, getInvoicePdf);
    addOnce(paths::invoices, "/{}/finalise", postFinalise);
    add("GET", paths::needsAttention, "", Scope::BillingRead, getNeedsAttention);
    router.addOpen("GET", paths::healthLive, [] { return json(200, R"({"status":"ok"})"); });
    router.addOpen("GET", paths::healthReady, [&services] { return readiness(services); });
}

} // namespace billing::api
