// The table of subscriptions: who has which plan since when.
#pragma once

#include "server/storage/storage.h"
#include "shared/model/subscription.h"

#include <optional>
#include <vector>

namespace billing::storage {

/// Where a listing across tenants stands.
struct SubscriptionKey
{
    TenantId tenant;
    SubscriptionId id;
};

/// Refuses AlreadyExists; an unknown tenant or plan version is ConstraintViolated.
Result<void> insertSubscription(Work& work, const Subscription& subscription);
Result<std::optional<Subscription>> findSubscription(Work& work, const TenantId& tenant,
                                                     const SubscriptionId& id);
/// In order of first day, then id.
Result<std::vector<Subscription>> subscriptionsOf(Work& work, const TenantId& tenant);
/// Across tenants, in order of tenant, then id, from the one behind `after`.
Result<std::vector<Subscription>> listSubscriptions(Work& work, const std::optional<SubscriptionKey>& after,
                                                    int limit);

} // namespace billing::storage
