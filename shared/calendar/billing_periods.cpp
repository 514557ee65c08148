#include "shared/calendar/billing_periods.h"

#include <algorithm>

namespace billing {

namespace {

int monthNumber(LocalDate day)
{
    return day.year() * 12 + day.month() - 1;
}

// Always counted from the first day of all, so that 31 January, 28 February, 31 March does not creep.
LocalDate startOf(const Subscription& subscription, int monthsLater)
{
    return subscription.startsOn.plusMonths(monthsLater, subscription.startsOn.day());
}

// The first day of years 1 to 9999 may begin before them in UTC, and the last end behind them.
bool canBeWritten(Instant at)
{
    constexpr std::int64_t microsPerDay = 86'400'000'000;
    constexpr std::int64_t firstDay = -719'162;
    constexpr std::int64_t endDay = 2'932'897;
    return at.micros() >= firstDay * microsPerDay && at.micros() < endDay * microsPerDay;
}

} // namespace

Result<BillingPeriod> periodContaining(const Subscription& subscription, Interval interval, LocalDate day)
{
    const auto zone = TimeZone::find(subscription.timeZone);
    if (!zone)
        return zone.error();
    if (day < subscription.startsOn || (subscription.endsOn && day >= *subscription.endsOn))
        return Error{ErrorCode::NoSubscription, day.toText(), "not a day of the subscription"};

    const int step = interval == Interval::Year ? 12 : 1;
    const int apart = monthNumber(day) - monthNumber(subscription.startsOn);
    int first = apart / step * step;
    if (startOf(subscription, first) > day)
        first -= step;
    constexpr int lastMonth = 9999 * 12 + 11;
    if (monthNumber(subscription.startsOn) + first + step > lastMonth)
        return Error{ErrorCode::InvalidDate, day.toText(), "the period would not end before year 10000"};

    const LocalDate firstDay = startOf(subscription, first);
    LocalDate endDay = startOf(subscription, first + step);
    if (subscription.endsOn)
        endDay = std::min(endDay, *subscription.endsOn);
    const InstantRange range{zone->startOfDay(firstDay), zone->startOfDay(endDay)};
    if (!canBeWritten(range.start) || !canBeWritten(range.end))
        return Error{ErrorCode::InvalidDate, day.toText(), "the period would reach out of years 1 to 9999"};
    return BillingPeriod{firstDay, endDay, range};
}

Result<BillingPeriod> periodStartingOn(const Subscription& subscription, Interval interval,
                                       LocalDate firstDay)
{
    auto period = periodContaining(subscription, interval, firstDay);
    if (period && period->firstDay != firstDay)
        return Error{ErrorCode::NotABillingPeriod, firstDay.toText(),
                     "the period of that day starts on " + period->firstDay.toText()};
    return period;
}

Result<BillingPeriod> nextPeriod(const Subscription& subscription, Interval interval,
                                 const BillingPeriod& period)
{
    return periodContaining(subscription, interval, period.endDay);
}

int daysIn(const BillingPeriod& period)
{
    return period.endDay.daysSinceEpoch() - period.firstDay.daysSinceEpoch();
}

} // namespace billing
