// The table of subscriptions: who has which plan since when.
#pragma once

#include "server/storage/storage.h"
#include "shared/model/subscription.h"

#include <optional>
#include <span>
#include <vector>

namespace billing::storage {

/// Where a listing across tenants stands.
struct SubscriptionKey
{
    TenantId tenant;
    SubscriptionId id;
};

/// A tenant and a day of its calendar.
struct TenantDay
{
    TenantId tenant;
    LocalDate day;
};

struct PlanInForce
{
    PlanCode plan;
    int version;

    friend bool operator==(const PlanInForce&, const PlanInForce&) = default;
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
/// For each of them, in their order and all in one question: the plan it has on that day, or nothing. Of two
/// that overlap, the one that began later.
Result<std::vector<std::optional<PlanInForce>>> plansInForce(Work& work, std::span<const TenantDay> asked);

} // namespace billing::storage
