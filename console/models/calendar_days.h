// Our days as Qt's, for the roles that sort and filter. Values only.
#pragma once

#include "shared/kernel/instant.h"
#include "shared/kernel/local_date.h"

#include <QDate>

namespace billing::console {

inline QDate dateOf(LocalDate day)
{
    return {day.year(), day.month(), day.day()};
}

/// In UTC.
inline LocalDate dayOf(Instant at)
{
    constexpr std::int64_t microsOfDay = 86'400'000'000;
    const std::int64_t days = at.micros() / microsOfDay - (at.micros() % microsOfDay < 0 ? 1 : 0);
    return LocalDate::fromDaysSinceEpoch(static_cast<int>(days));
}

} // namespace billing::console
