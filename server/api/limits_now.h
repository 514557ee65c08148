// How far a tenant is into what its plan includes in the period that holds now: what standing and the answers
// about usage tell. Read inside the caller's work, so that it agrees with the figures beside it. Worker
// thread.
#pragma once

#include "server/invoicing/invoicing.h"
#include "server/rating/limits.h"
#include "shared/wire/standing_json.h"

#include <string_view>

namespace billing::api {

/// Of all the tenant's subscriptions that hold now, in plan order; of one metric type, or of all when it is
/// empty. Nothing without a subscription. Refuses UnknownTimeZone, UnknownPlan, InvalidCatalog,
/// AmountOverflow and as storage.
Result<std::vector<LimitStanding>> limitsNow(Work& work, const Invoicing& invoicing, const TenantId& tenant,
                                             Instant now, std::string_view metricType = {});

wire::LimitState wireState(LimitState state);

} // namespace billing::api
