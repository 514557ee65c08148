#include "server/api/api.h"

#include "server/api/endpoints.h"
#include "server/api/error_status.h"
#include "server/api/usage_at_least.h"
#include "server/api/usage_buckets.h"
#include "shared/wire/paths.h"

#include <string>

namespace billing::api {

namespace {

using access::Scope;
using Function = Result<http::Response> (*)(const Services&, const Call&);

Pool ofKernel(const Call&)
{
    return Pool::Kernel;
}

/// What looks through rows one by one.
Pool isLongRead(const Call&)
{
    return Pool::LongReads;
}

/// A search reads everything there is.
Pool bySearch(const Call& call)
{
    return call.parameter("text").value_or("").empty() ? Pool::People : Pool::LongReads;
}

/// Of usage, more than a month is long. The tenant's zone is not known yet; it would move the span by hours.
Pool bySpan(const Call& call)
{
    const auto range = rangeOf(call.parameter("from"), call.parameter("to"), "UTC");
    const bool isLong = range && range->end.since(range->start) > std::chrono::hours(24 * 35);
    return isLong ? Pool::LongReads : Pool::People;
}

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
    const auto addTo = [&](PoolOf poolOf, std::string_view path, std::string_view rest, Function function) {
        router.add("GET", std::string(path).append(rest), Scope::BillingRead, poolOf,
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
    const auto addFresh = [&](PoolOf poolOf, std::string_view path, std::string_view rest,
                              Function function) {
        router.addAsync("GET", std::string(path).append(rest), Scope::BillingRead,
                        [&services, poolOf, function](Call call, const http::Responder& responder) {
                            const Pool pool = poolOf(call);
                            answerAtLeast(services, std::move(call), responder, {function, pool});
                        });
    };
    const auto usage = [&services](Call call, const http::Responder& responder) {
        services.postUsage(std::move(call), responder);
    };
    namespace paths = wire::paths;
    router.addAsync("POST", paths::usage, Scope::BillingWrite, usage);
    router.addAsync("POST", paths::usageBatch, Scope::BillingWrite, usage);
    addFresh(ofKernel, paths::currentUsage, "", getCurrentUsage);
    addFresh(bySpan, paths::usage, "/{}", getUsage);
    addTo(isLongRead, paths::conflicts, "", getConflicts);
    addTo(isLongRead, paths::unlistedValues, "", getUnlistedValues);
    addTo(isLongRead, paths::needsAttention, "", getNeedsAttention);
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
    addTo(bySearch, paths::tenants, "", getTenants);
    add("GET", paths::tenants, "/{}", Scope::BillingRead, getTenant);
    addTo(ofKernel, paths::tenants, "/{}/standing", getStanding);
    addOnce(paths::subscriptions, "", postSubscription);
    add("GET", paths::subscriptions, "", Scope::BillingRead, getSubscriptions);
    add("GET", paths::plans, "", Scope::BillingRead, getPlans);
    addOnce(paths::invoices, "", postInvoice);
    addTo(bySearch, paths::invoices, "", getInvoices);
    add("GET", paths::invoices, "/{}", Scope::BillingRead, getInvoice);
    add("GET", paths::invoices, "/{}/pdf", Scope::BillingRead, getInvoicePdf);
    addOnce(paths::invoices, "/{}/finalise", postFinalise);
    router.addOpen("GET", paths::healthLive, [] { return json(200, R"({"status":"ok"})"); });
    router.addOpen("GET", paths::healthReady, [&services] { return readiness(services); });
}

} // namespace billing::api
