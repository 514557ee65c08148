// The use case of POST /subscriptions: fixes a plan's newest version, the tenant's currency and zone, and
// from when on the clockwork bills, with an audit entry in the same transaction.
#pragma once

#include "server/storage/also_write.h"
#include "shared/kernel/id_factory.h"
#include "shared/model/plan.h"
#include "shared/model/subscription.h"

namespace billing {

struct SubscriptionPorts
{
    Storage& storage;
    const Clock& clock;
    IdFactory& ids;
    const Catalog& catalog;
};

struct CreateSubscription
{
    TenantId tenant;
    PlanCode plan;
    LocalDate startsOn;
    /// Defaults to the first day of the period that holds now, or to startsOn when that lies ahead: periods
    /// before are billed only when someone asks for each.
    std::optional<LocalDate> billFrom = {};
    /// How many periods are over already and will be billed at once (periods_due.h). Must be right where it
    /// is said, and must be said when there are more than three.
    std::optional<std::int64_t> confirmPeriods = {};
};

/// Refuses, in order: InvalidDate (starts_on, bill_from: shared/calendar/accepted_days.h), UnknownPlan,
/// InactivePlan, NotFound (tenant_id), PriceNotInCurrency (subject: the charge), BeforeBillFrom (bill_from
/// before starts_on), SubscriptionOverlaps (usage must not be billed twice), PeriodsNotConfirmed (detail: how
/// many, from when to when), then as also.
Result<Subscription> createSubscription(SubscriptionPorts ports, const CreateSubscription& command,
                                        std::string_view actor, const AlsoWrite<Subscription>& also = {});

} // namespace billing
