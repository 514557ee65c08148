// Times as tables spell them: RFC 3339, the same with a space, without seconds, with the short offsets that
// databases write ("+00", "+0100", " UTC"), local times of a zone, and counts since 1970. What can be read in
// two ways (01/02/2026 without a word on it, a local time of the night the clock goes back) is refused by
// name. Digits beyond the microsecond are floored. Pure, any thread.
#pragma once

#include "shared/usage_client/local_zone.h"

namespace billing::client {

enum class TimeFormat
{
    Written,    ///< a date and a time of day, 2026-03-31 18:15:46
    DayFirst,   ///< 31.03.2026 18:15:46, 31/3/2026 6:15 PM
    MonthFirst, ///< 3/31/2026 6:15 PM, 03-31-2026 18:15
    Seconds,    ///< since 1970-01-01T00:00:00Z; a fraction is allowed
    Milliseconds,
    Microseconds,
    Nanoseconds
};

/// "written", "day-first", "month-first", "seconds", "milliseconds", "microseconds", "nanoseconds". Refuses
/// InvalidValue.
Result<TimeFormat> parseTimeFormat(std::string_view name);

struct TimeReading
{
    TimeFormat format = TimeFormat::Written;
    std::optional<LocalZone> zone = {}; ///< of times written without an offset; without one they are refused
    Ambiguous ambiguous = Ambiguous::Refuse;
};

/// Whether times are numbers, which no zone changes.
bool isCount(TimeFormat format);

/// Refuses InvalidTimestamp, with what is wrong in the detail.
Result<Instant> readTime(std::string_view text, const TimeReading& reading);

} // namespace billing::client
