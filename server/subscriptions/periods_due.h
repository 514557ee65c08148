// How many periods of a new subscription are over already, and so would be billed at once: asked before the
// answer is dozens of legal numbers. Pure, any thread.
#pragma once

#include "shared/model/plan.h"
#include "shared/model/subscription.h"

#include <cstdint>
#include <optional>

namespace billing {

/// From here on somebody must say the number, so that a mistyped year bills nothing.
inline constexpr std::int64_t periodsUnconfirmed = 3;

struct PeriodsDue
{
    std::int64_t count = 0;
    /// When there are some: the first day of the first, the day behind the last.
    std::optional<LocalDate> firstDay = {};
    std::optional<LocalDate> endDay = {};
};

/// The subscription's periods that begin on or after bill_from and end by today, a day in its zone; grace
/// does not matter, it only delays them. By arithmetic: a bill_from of year 1 costs what one of last month
/// does.
PeriodsDue periodsDue(const Subscription& subscription, Interval interval, LocalDate today);

/// The same at a moment, by the plan the subscription has. Refuses UnknownPlan, UnknownTimeZone.
Result<PeriodsDue> periodsDue(const Subscription& subscription, const Catalog& catalog, Instant now);

} // namespace billing
