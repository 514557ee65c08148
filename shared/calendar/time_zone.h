// A zone of the IANA database, as far as billing needs one: which local day an instant falls on and when a
// local day starts. Immutable and cheap to copy, any thread. Source: the system's zoneinfo, read by
// QTimeZone.
#pragma once

#include "shared/kernel/instant.h"
#include "shared/kernel/local_date.h"

#include <memory>
#include <string_view>

class QTimeZone;

namespace billing {

class TimeZone
{
public:
    /// "UTC" or an "Area/Location" name as the database spells it. Abbreviations, offsets, POSIX rules and
    /// the leap-second tree ("right/...") are not zones here. Refuses UnknownTimeZone.
    static Result<TimeZone> find(std::string_view iana);

    /// The first instant whose local date is that day: 01:00 where midnight was skipped, the first of two
    /// midnights where the clock went back. A day that never was (Apia, 2011-12-30) starts where the next one
    /// does.
    Instant startOfDay(LocalDate day) const;

    /// The date on the wall at that instant; instants before year 1 or after 9999 count as its first or last
    /// day.
    LocalDate dateOf(Instant at) const;

private:
    explicit TimeZone(std::shared_ptr<const QTimeZone> zone);

    std::shared_ptr<const QTimeZone> m_zone;
};

} // namespace billing
