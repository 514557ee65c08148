#include "server/subscriptions/create_subscription.h"

#include "server/audit/append_entry.h"
#include "server/storage/subscriptions.h"
#include "server/storage/tenants.h"
#include "server/subscriptions/periods_due.h"
#include "shared/calendar/accepted_days.h"
#include "shared/calendar/billing_periods.h"

#include <algorithm>

namespace billing {

namespace {

Result<PlanVersion> offeredPlan(const Catalog& catalog, const PlanCode& code)
{
    auto plan = newestPlan(catalog, code);
    if (plan && plan->activity == Activity::Inactive)
        return Error{ErrorCode::InactivePlan, "plan", "nobody can subscribe to it yet"};
    return plan;
}

Result<void> hasPricesIn(const PlanVersion& plan, Currency currency)
{
    for (const Charge& charge : plan.charges) {
        const bool priced = charge.price.empty() || charge.price.contains(currency);
        const bool cells =
            std::all_of(charge.matrix.begin(), charge.matrix.end(),
                        [&](const MatrixPrice& cell) { return cell.price.contains(currency); });
        if (!priced || !cells)
            return Error{ErrorCode::PriceNotInCurrency, charge.code, std::string(currency.code())};
    }
    return {};
}

bool overlaps(const Subscription& a, const Subscription& b)
{
    const bool aEndsFirst = a.endsOn && *a.endsOn <= b.startsOn;
    const bool bEndsFirst = b.endsOn && *b.endsOn <= a.startsOn;
    return !aEndsFirst && !bEndsFirst;
}

Result<LocalDate> firstBilledDay(const Subscription& subscription, Interval interval, Instant now)
{
    const auto zone = TimeZone::find(subscription.timeZone);
    if (!zone)
        return zone.error();
    const LocalDate today = zone->dateOf(now);
    if (today < subscription.startsOn)
        return subscription.startsOn;
    const auto period = periodContaining(subscription, interval, today);
    return period ? Result<LocalDate>(period->firstDay) : period.error();
}

Result<void> areConfirmed(const CreateSubscription& command, const Subscription& subscription,
                          Interval interval)
{
    const auto zone = TimeZone::find(subscription.timeZone);
    if (!zone)
        return zone.error();
    const PeriodsDue due = periodsDue(subscription, interval, zone->dateOf(subscription.createdAt));
    const bool mustBeSaid = due.count > periodsUnconfirmed;
    if (command.confirmPeriods ? *command.confirmPeriods == due.count : !mustBeSaid)
        return {};
    const std::string count = std::to_string(due.count);
    const std::string span =
        due.count == 0 ? "" : ", from " + due.firstDay->toText() + " to " + due.endDay->toText();
    return Error{ErrorCode::PeriodsNotConfirmed, "confirm_periods",
                 count + (due.count == 1 ? " period" : " periods") + span +
                     ", would be billed at once; if that is meant, say confirm_periods: " + count};
}

/// The part that needs the store: the tenant's currency and zone, and that nothing overlaps.
Result<Subscription> build(Work& work, const CreateSubscription& command, const PlanVersion& plan,
                           Subscription draft)
{
    const auto tenant = storage::findTenant(work, command.tenant);
    if (!tenant)
        return tenant.error();
    if (!tenant->has_value())
        return Error{ErrorCode::NotFound, "tenant_id"};
    draft.currency = (*tenant)->tenant.currency;
    draft.timeZone = (*tenant)->tenant.timeZone;
    const auto priced = hasPricesIn(plan, draft.currency);
    if (!priced)
        return priced.error();

    const auto billFrom = command.billFrom ? Result<LocalDate>(*command.billFrom)
                                           : firstBilledDay(draft, plan.interval, draft.createdAt);
    if (!billFrom)
        return billFrom.error();
    if (*billFrom < draft.startsOn)
        return Error{ErrorCode::BeforeBillFrom, "bill_from", "before starts_on"};
    draft.billFrom = *billFrom;

    const auto others = storage::subscriptionsOf(work, command.tenant);
    if (!others)
        return others.error();
    for (const Subscription& other : *others)
        if (overlaps(other, draft))
            return Error{ErrorCode::SubscriptionOverlaps, "starts_on", other.id.text()};
    const auto confirmed = areConfirmed(command, draft, plan.interval);
    return confirmed ? Result<Subscription>(std::move(draft)) : confirmed.error();
}

} // namespace

Result<Subscription> createSubscription(SubscriptionPorts ports, const CreateSubscription& command,
                                        std::string_view actor, const AlsoWrite<Subscription>& also)
{
    const auto accepted = acceptedDay(command.startsOn, "starts_on").and_then([&](LocalDate) {
        return command.billFrom ? acceptedDay(*command.billFrom, "bill_from")
                                : Result<LocalDate>(command.startsOn);
    });
    if (!accepted)
        return accepted.error();
    const auto plan = offeredPlan(ports.catalog, command.plan);
    if (!plan)
        return plan.error();
    const Currency unknown = *Currency::parse("USD"); // replaced by the tenant's before anyone sees it
    const Subscription draft{SubscriptionId(ports.ids.next("sub")),
                             command.tenant,
                             plan->code,
                             plan->version,
                             unknown,
                             {},
                             command.startsOn,
                             command.startsOn,
                             {},
                             ports.clock.now()};
    return writeValue(ports.storage, Scope::tenant(command.tenant), Priority::Money,
                      WorkId(ports.ids.next("wrk")), [&](Work& work) -> Result<Subscription> {
                          auto subscription = build(work, command, *plan, draft);
                          if (!subscription)
                              return subscription.error();
                          const auto stored = storage::insertSubscription(work, *subscription).and_then([&] {
                              return audit::appendEntry(work,
                                                        {command.tenant, std::string(actor), "create",
                                                         "subscription:" + subscription->id.text(),
                                                         R"({"plan":")" + plan->code.text() +
                                                             R"(","version":)" +
                                                             std::to_string(plan->version) + "}"},
                                                        draft.createdAt);
                          });
                          if (!stored)
                              return stored.error();
                          return alsoWriting(work, std::move(subscription), also);
                      });
}

} // namespace billing
