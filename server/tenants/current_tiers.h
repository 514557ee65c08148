// Which tier each of some tenants has now: that of the plan it is subscribed to on the day it is where the
// tenant is. One question to the store, however many tenants. Any thread; the call belongs to its Work.
#pragma once

#include "server/storage/storage.h"
#include "shared/model/plan.h"
#include "shared/model/tenant.h"

#include <optional>
#include <span>
#include <vector>

namespace billing {

/// In the order of the tenants; none for one without a subscription that day. Refuses UnknownTimeZone,
/// UnknownPlan (a subscription of a plan that the catalog does not have), else as storage.
Result<std::vector<std::optional<Tier>>> currentTiers(Work& work, std::span<const Tenant> tenants,
                                                      const Catalog& catalog, Instant now);

} // namespace billing
