// Where requests go: a table of method, path and what it needs, matched segment by segment. The router
// authenticates, checks the scope and only then calls the endpoint: quick ones on the io thread, the others
// on the worker threads, since they block on storage. Refusals in order: RouteNotFound, MethodNotAllowed
// (with Allow), then authentication's own, then InsufficientScope, then TooManyRequests.
#pragma once

#include "server/access/authenticator.h"
#include "server/api/call.h"
#include "server/api/worker_pools.h"
#include "server/http/responder.h"
#include "shared/kernel/ports.h"

#include <functional>
#include <string>
#include <vector>

namespace billing::api {

/// Answers at once or later, through the responder.
using AsyncEndpoint = std::function<void(Call, http::Responder)>;
/// Answers by returning; runs on a worker and may block.
using Endpoint = std::function<Result<http::Response>(const Call&)>;
/// Which threads a call belongs to.
using PoolOf = Pool (*)(const Call&);

class Router
{
public:
    Router(access::Authenticator& authenticator, WorkerPools workers);

    /// path: "/api/v1/invoices/{}/pdf". Before the first request only. On the people's threads.
    void add(std::string_view method, std::string_view path, access::Scope scope, Endpoint endpoint);
    void add(std::string_view method, std::string_view path, access::Scope scope, PoolOf poolOf,
             Endpoint endpoint);
    void addAsync(std::string_view method, std::string_view path, access::Scope scope,
                  AsyncEndpoint endpoint);
    /// Without authentication, on the io thread: health.
    void addOpen(std::string_view method, std::string_view path, std::function<http::Response()> endpoint);

    /// The pattern of the route that will answer, e.g. "/api/v1/invoices/{}/pdf", for counting; empty when
    /// none will. Any thread.
    std::string_view routeOf(const http::Request& request) const;

    /// All of them as "GET /api/v1/invoices/{}", in the order added.
    std::vector<std::string> routes() const;

    /// The door's handler. Any thread.
    void handle(http::Request&& request, http::Responder responder) const;

private:
    struct Route
    {
        std::string method;
        std::string pattern;
        std::vector<std::string> segments; ///< empty text matches anything
        access::Scope scope = access::Scope::BillingRead;
        AsyncEndpoint endpoint;
        std::function<http::Response()> open;
    };

    void addRoute(Route route, std::string_view path);
    void enter(const Route& route, Call call, const http::Responder& responder) const;

    access::Authenticator& m_authenticator;
    WorkerPools m_workers;
    std::vector<Route> m_routes;
};

} // namespace billing::api
