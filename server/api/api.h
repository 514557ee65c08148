// Wires the endpoints to the use cases: one function adds all routes. Everything an endpoint may touch is in
// Services.
#pragma once

#include "server/access/authenticator.h"
#include "server/api/cursor.h"
#include "server/api/idempotency.h"
#include "server/api/post_usage.h"
#include "server/api/router.h"
#include "server/documents/document_store.h"
#include "server/invoicing/invoicing.h"

#include <memory>

namespace billing::api {

struct Shortcomings
{
    std::vector<std::string> reasons = {};  ///< e.g. "storage_full"
    std::vector<std::string> degraded = {}; ///< e.g. "renderer_missing"
};

struct Services
{
    const Invoicing& invoicing;
    const DocumentStore& documents;
    const Cursors& cursors;
    const PostUsage& postUsage;
    /// Whether the server can do its work now; the text says what is missing.
    std::function<Result<void>()> ready;
    const Idempotency& idempotency;
    SettledWaits& waits;
    WorkerPools workers;
    /// Why it is not ready, and what else is missing.
    std::function<Shortcomings()> shortcomings = {};
};

/// Services outlive the router.
void addRoutes(Router& router, const Services& services);

} // namespace billing::api
