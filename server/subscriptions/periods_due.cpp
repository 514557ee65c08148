#include "server/subscriptions/periods_due.h"

#include "shared/calendar/time_zone.h"

#include <algorithm>

namespace billing {

namespace {

int monthNumber(LocalDate day)
{
    return day.year() * 12 + day.month() - 1;
}

/// As in shared/calendar/billing_periods.cpp: counted from the first day of all.
LocalDate startOf(const Subscription& subscription, int monthsLater)
{
    return subscription.startsOn.plusMonths(monthsLater, subscription.startsOn.day());
}

/// Months from the subscription's start to that of the period that holds the day, which is not before it.
int periodOf(const Subscription& subscription, int step, LocalDate day)
{
    const int apart = monthNumber(day) - monthNumber(subscription.startsOn);
    const int first = apart / step * step;
    return startOf(subscription, first) > day ? first - step : first;
}

} // namespace

PeriodsDue periodsDue(const Subscription& subscription, Interval interval, LocalDate today)
{
    const LocalDate from = std::max(subscription.billFrom, subscription.startsOn);
    const bool isOver = subscription.endsOn && *subscription.endsOn <= today;
    if (from >= today || (subscription.endsOn && from >= *subscription.endsOn))
        return {};
    const int step = interval == Interval::Year ? 12 : 1;
    int first = periodOf(subscription, step, from);
    if (startOf(subscription, first) < from)
        first += step;
    // The period that is not over: the one that holds today, or the one behind the last.
    const int open = isOver ? periodOf(subscription, step, subscription.endsOn->plusDays(-1)) + step
                            : periodOf(subscription, step, today);
    if (open <= first)
        return {};
    const LocalDate end = isOver ? *subscription.endsOn : startOf(subscription, open);
    return {(open - first) / step, startOf(subscription, first), end};
}

Result<PeriodsDue> periodsDue(const Subscription& subscription, const Catalog& catalog, Instant now)
{
    const auto plan = planVersion(catalog, subscription.plan, subscription.planVersion);
    if (!plan)
        return plan.error();
    const auto zone = TimeZone::find(subscription.timeZone);
    if (!zone)
        return zone.error();
    return periodsDue(subscription, plan->interval, zone->dateOf(now));
}

} // namespace billing
