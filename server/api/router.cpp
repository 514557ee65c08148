#include "server/api/router.h"

#include "server/api/error_status.h"

#include <algorithm>

namespace billing::api {

namespace {

using Segments = std::vector<std::string_view>;

Segments segmentsOf(std::string_view path)
{
    Segments segments;
    segments.reserve(8);
    while (!path.empty()) {
        path.remove_prefix(1); // the slash
        const std::string_view segment = path.substr(0, path.find('/'));
        segments.push_back(segment);
        path.remove_prefix(segment.size());
    }
    return segments;
}

bool matches(const std::vector<std::string>& pattern, const Segments& segments)
{
    return std::equal(pattern.begin(), pattern.end(), segments.begin(), segments.end(),
                      [](const std::string& wanted, std::string_view segment) {
                          return wanted.empty() || wanted == segment;
                      });
}

/// What stands where the pattern takes anything.
std::vector<std::string> heldBy(const std::vector<std::string>& pattern, const Segments& segments)
{
    std::vector<std::string> held;
    for (std::size_t i = 0; i < pattern.size(); ++i)
        if (pattern[i].empty())
            held.emplace_back(segments[i]);
    return held;
}

http::Response methodNotAllowed(const std::string& allow)
{
    http::Response response = problem(Error{ErrorCode::MethodNotAllowed, "method", "allowed: " + allow});
    response.headers.emplace_back("Allow", allow);
    return response;
}

} // namespace

Router::Router(access::Authenticator& authenticator, WorkerPools workers)
    : m_authenticator(authenticator)
    , m_workers(std::move(workers))
{
}

void Router::addRoute(Route route, std::string_view path)
{
    route.pattern = path;
    for (const std::string_view segment : segmentsOf(path))
        route.segments.emplace_back(segment == "{}" ? "" : segment);
    m_routes.push_back(std::move(route));
}

void Router::add(std::string_view method, std::string_view path, access::Scope scope, Endpoint endpoint)
{
    add(
        method, path, scope, [](const Call&) { return Pool::People; }, std::move(endpoint));
}

void Router::add(std::string_view method, std::string_view path, access::Scope scope, PoolOf poolOf,
                 Endpoint endpoint)
{
    addAsync(method, path, scope,
             [this, poolOf, endpoint = std::move(endpoint)](Call call, const http::Responder& responder) {
                 const Pool pool = poolOf(call);
                 const auto taken = m_workers.take(pool, [endpoint, call = std::move(call), responder] {
                     auto response = endpoint(call);
                     responder(response ? std::move(*response) : problem(response.error()));
                 });
                 if (!taken)
                     responder(problem(taken.error()));
             });
}

void Router::addAsync(std::string_view method, std::string_view path, access::Scope scope,
                      AsyncEndpoint endpoint)
{
    addRoute({std::string(method), {}, {}, scope, std::move(endpoint), {}}, path);
}

void Router::addOpen(std::string_view method, std::string_view path, std::function<http::Response()> endpoint)
{
    addRoute({std::string(method), {}, {}, access::Scope::BillingRead, {}, std::move(endpoint)}, path);
}

std::string_view Router::routeOf(const http::Request& request) const
{
    const Segments segments = segmentsOf(request.path);
    for (const Route& route : m_routes)
        if (route.method == request.method && matches(route.segments, segments))
            return route.pattern;
    return {};
}

std::vector<std::string> Router::routes() const
{
    std::vector<std::string> all;
    for (const Route& route : m_routes)
        all.push_back(route.method + ' ' + route.pattern);
    return all;
}

void Router::handle(http::Request&& request, http::Responder responder) const
{
    const Segments segments = segmentsOf(request.path);
    std::string allow;
    for (const Route& route : m_routes) {
        if (!matches(route.segments, segments))
            continue;
        if (route.method != request.method) {
            allow += (allow.empty() ? "" : ", ") + route.method;
            continue;
        }
        if (route.open)
            return responder(route.open());
        std::vector<std::string> held = heldBy(route.segments, segments); // before the path moves away
        return enter(route, {std::move(request), {}, std::move(held)}, responder);
    }
    responder(allow.empty() ? problem(Error{ErrorCode::RouteNotFound, "path"}) : methodNotAllowed(allow));
}

void Router::enter(const Route& route, Call call, const http::Responder& responder) const
{
    auto principal = m_authenticator.authenticate(call.request);
    if (!principal)
        return responder(problem(principal.error()));
    if (!principal->allows(route.scope))
        return responder(problem(Error{ErrorCode::InsufficientScope, "scope"}));
    call.principal = std::move(*principal);
    route.endpoint(std::move(call), responder);
}

} // namespace billing::api
