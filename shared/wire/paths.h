// The paths of the HTTP API, as clients write them; those with an id take it behind the slash. Source: DESIGN
// section 4.
#pragma once

#include <string_view>

namespace billing::wire::paths {

inline constexpr std::string_view prefix = "/api/v1";

inline constexpr std::string_view usage = "/api/v1/usage";
inline constexpr std::string_view usageBatch = "/api/v1/usage/batch";
inline constexpr std::string_view currentUsage = "/api/v1/usage/current";
inline constexpr std::string_view conflicts = "/api/v1/conflicts";
inline constexpr std::string_view unlistedValues = "/api/v1/unlisted-values";
inline constexpr std::string_view tenants = "/api/v1/tenants"; ///< also /{id} and /{id}/standing
inline constexpr std::string_view subscriptions = "/api/v1/subscriptions";
inline constexpr std::string_view plans = "/api/v1/plans";
inline constexpr std::string_view invoices =
    "/api/v1/invoices"; ///< also /{id}, /{id}/pdf, /{id}/finalise, /{id}/void

inline constexpr std::string_view needsAttention = "/api/v1/needs-attention";

inline constexpr std::string_view healthLive = "/health/live";
inline constexpr std::string_view healthReady = "/health/ready";

/// The query that makes a usage answer wait until its events are settled, at most 10 s.
inline constexpr std::string_view waitSettled = "wait=settled";

} // namespace billing::wire::paths
