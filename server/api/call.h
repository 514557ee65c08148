// A request that has been let in: who asks, what the path's placeholders held, and its query, read strictly.
#pragma once

#include "server/access/principal.h"
#include "server/http/request.h"
#include "server/storage/idempotency.h"
#include "shared/kernel/result.h"
#include "shared/model/ids.h"

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace billing::api {

/// A request that names an idempotency key (server/api/idempotency.h).
struct KeyedRequest
{
    storage::AnswerKey key;
    std::string digest; ///< 32 bytes: what is asked
    Instant at;
};

struct Call
{
    http::Request request;
    access::Principal principal;
    std::vector<std::string> path; ///< what "{...}" of the route held, in order
    /// Present while its endpoint runs under Idempotency::once.
    std::optional<KeyedRequest> keyed = {};

    /// A query parameter's value; of repeats the first (onlyParameters refuses repeats).
    std::optional<std::string> parameter(std::string_view name) const;
    /// Refuses UnknownParameter for any other name or a repeat.
    Result<void> onlyParameters(std::initializer_list<std::string_view> names) const;
    /// A JSON body with the media type said so. Refuses UnsupportedMediaType.
    Result<void> requireJson() const;
    /// The same, or one said to be a merge patch (RFC 7396). Refuses UnsupportedMediaType.
    Result<void> requireMergePatch() const;
    /// Whether a token bound to a tenant may see this one; what it may not see is NotFound, as if absent.
    Result<void> maySee(const TenantId& tenant) const;

private:
    Result<void> requireOneOf(std::initializer_list<std::string_view> types) const;
};

} // namespace billing::api
