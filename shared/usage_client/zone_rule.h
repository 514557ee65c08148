// The rule at the end of a zone's file, for all times behind its last listed change:
// "CET-1CEST,M3.5.0,M10.5.0/3". Values only, any thread. Source: RFC 8536 section 3.3; POSIX.1-2017, Base
// Definitions, section 8.3 (TZ).
#pragma once

#include "shared/kernel/result.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace billing::client {

/// A day of every year and a time on its wall.
struct YearlyChange
{
    enum class Form
    {
        JulianWithoutLeap, ///< Jn: 1 to 365, 29 February is never counted
        DayOfYear,         ///< n: 0 to 365
        WeekdayOfMonth     ///< Mm.w.d
    };

    Form form = Form::WeekdayOfMonth;
    int month = 1;
    int week = 1; ///< 5 is the last one
    int day = 0;  ///< of the week (0 is Sunday), or of the year
    std::int64_t seconds = 7'200;

    /// As seconds since 1970 on the wall.
    std::int64_t inYear(int year) const;
};

class ZoneRule
{
public:
    /// Refuses InvalidValue.
    static Result<ZoneRule> parse(std::string_view text);

    /// Seconds east of Greenwich at an instant, in seconds since 1970.
    std::int64_t offsetAt(std::int64_t utcSeconds) const;

private:
    std::int64_t m_standard = 0;
    std::int64_t m_summer = 0;
    YearlyChange m_start = {}; ///< of summer
    YearlyChange m_end = {};
    bool m_changes = false;
};

} // namespace billing::client
