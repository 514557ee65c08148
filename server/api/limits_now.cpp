#include "server/api/limits_now.h"

#include "server/storage/subscriptions.h"
#include "server/storage/usage_totals.h"
#include "shared/calendar/billing_periods.h"

#include <algorithm>
#include <set>

namespace billing::api {

namespace {

/// Without the charges that do not limit the metric: what is not asked for is not summed.
PlanVersion onlyLimiting(PlanVersion plan, const Catalog& catalog, std::string_view metricType)
{
    std::erase_if(plan.charges, [&](const Charge& charge) {
        if (!charge.included || charge.unlimited || !charge.meter)
            return true;
        const Meter* meter = findMeter(catalog.meters, *charge.meter);
        return meter && !metricType.empty() && meter->metricType != metricType;
    });
    return plan;
}

Result<std::vector<LimitStanding>> limitsOfOne(Work& work, const Invoicing& invoicing,
                                               const Subscription& subscription,
                                               const std::pair<Instant, std::string_view>& asked)
{
    const auto zone = TimeZone::find(subscription.timeZone);
    if (!zone)
        return zone.error();
    const auto plan = planVersion(invoicing.catalog, subscription.plan, subscription.planVersion);
    if (!plan)
        return plan.error();
    const auto period = periodContaining(subscription, plan->interval, zone->dateOf(asked.first));
    const PlanVersion limiting = onlyLimiting(*plan, invoicing.catalog, asked.second);
    if (!period || limiting.charges.empty()) // not begun, over, or nothing to limit
        return std::vector<LimitStanding>();
    std::set<MeterCode> meters; // what does not limit is not read, however much of it there is
    for (const Charge& charge : limiting.charges)
        meters.insert(*charge.meter);
    std::vector<UsageTotal> totals;
    for (const MeterCode& meter : meters) {
        const auto usage =
            storage::usageOfMeter(work, subscription.tenant, period->range, invoicing.meters, meter);
        if (!usage)
            return usage.error();
        const auto sums = storage::totalsOf(*usage);
        totals.insert(totals.end(), sums.begin(), sums.end());
    }
    return limitsOf(limiting, invoicing.catalog.meters, totals);
}

} // namespace

wire::LimitState wireState(LimitState state)
{
    return state == LimitState::Ok     ? wire::LimitState::Ok
           : state == LimitState::Near ? wire::LimitState::Near
                                       : wire::LimitState::Exceeded;
}

Result<std::vector<LimitStanding>> limitsNow(Work& work, const Invoicing& invoicing, const TenantId& tenant,
                                             Instant now, std::string_view metricType)
{
    const auto subscriptions = storage::subscriptionsOf(work, tenant);
    if (!subscriptions)
        return subscriptions.error();
    std::vector<LimitStanding> all;
    for (const Subscription& subscription : *subscriptions) {
        const auto limits = limitsOfOne(work, invoicing, subscription, {now, metricType});
        if (!limits)
            return limits.error();
        all.insert(all.end(), limits->begin(), limits->end());
    }
    return all;
}

} // namespace billing::api
