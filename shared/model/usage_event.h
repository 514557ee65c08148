// One fact a kernel reports: how much of what a tenant used, when. Its identity is (tenant, source, event
// id), compared as bytes; its own time, not its arrival, decides its billing period.
#pragma once

#include "shared/kernel/decimal.h"
#include "shared/kernel/instant.h"
#include "shared/model/dimensions.h"
#include "shared/model/ids.h"

#include <string>

namespace billing {

struct UsageEvent
{
    TenantId tenant;
    std::string source;  ///< empty unless the reporter names itself; at most 128 bytes
    std::string eventId; ///< 1 to 256 bytes
    std::string metricType;
    Decimal value; ///< not negative
    Instant at;
    Dimensions dimensions;

    friend bool operator==(const UsageEvent&, const UsageEvent&) = default;
};

/// What makes two events the same fact, length-prefixed and in one form: identity, metric, normalised value,
/// instant, sorted dimensions. The same identity with another payload is a conflict.
std::string canonicalPayload(const UsageEvent& event);
/// The identity alone, (source, event id), length-prefixed; the tenant is the table's own key.
std::string canonicalIdentity(const UsageEvent& event);

} // namespace billing
