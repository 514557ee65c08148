// A subscription's billing periods: they start on its first day and then on that day of every month (or of
// that month every year), tile time without gap or overlap, and are fixed as instants in its zone. Anchor
// days 29 to 31 fall to a short month's last day and come back after it; a subscription from 2023-11-01 has
// calendar months. A subscription that ends cuts its last period short. Pure, any thread.
//
// All refuse UnknownTimeZone, then NoSubscription (the day is before its start, or not before its end), then
// InvalidDate (the period would reach out of the years 1 to 9999, here or in UTC).
#pragma once

#include "shared/calendar/time_zone.h"
#include "shared/model/billing_period.h"
#include "shared/model/plan.h"
#include "shared/model/subscription.h"

namespace billing {

Result<BillingPeriod> periodContaining(const Subscription& subscription, Interval interval, LocalDate day);

/// The period whose first day that is. Refuses, last, NotABillingPeriod.
Result<BillingPeriod> periodStartingOn(const Subscription& subscription, Interval interval,
                                       LocalDate firstDay);

/// The one after; NoSubscription when the period was the last.
Result<BillingPeriod> nextPeriod(const Subscription& subscription, Interval interval,
                                 const BillingPeriod& period);

/// Local days in a period, which is what proration counts.
int daysIn(const BillingPeriod& period);

} // namespace billing
