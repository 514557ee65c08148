// Which days and instants are accepted from outside: 1900-01-01 to 2999-12-31, an end, which is not part of
// its span, also at the start of year 3000. Inside, the calendar goes on from year 1 to 9999 (shared/kernel),
// so that no zone, no month's end and no period of what was accepted comes near an edge of what can be
// written. Pure, any thread.
#pragma once

#include "shared/kernel/instant.h"
#include "shared/kernel/local_date.h"

#include <string_view>

namespace billing {

/// The day itself. Refuses InvalidDate with the field's name and the band.
Result<LocalDate> acceptedDay(LocalDate day, std::string_view field);

/// Where a span ends. Refuses as acceptedDay.
Result<LocalDate> acceptedEndDay(LocalDate day, std::string_view field);

/// From the start of year 1900 to the start of year 3000, in UTC. Refuses InvalidTimestamp.
Result<Instant> acceptedInstant(Instant at, std::string_view field);

} // namespace billing
