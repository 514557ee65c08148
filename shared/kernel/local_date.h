// A calendar date without a zone (proleptic Gregorian, years 1 to 9999), as written on an invoice. Arithmetic
// is in whole days and months; what would leave these years stays on their first or last day.
#pragma once

#include "shared/kernel/result.h"

#include <chrono>
#include <compare>
#include <string>
#include <string_view>

namespace billing {

class LocalDate
{
public:
    /// Exactly YYYY-MM-DD of an existing day. Refuses InvalidDate.
    static Result<LocalDate> parse(std::string_view text);
    /// Refuses InvalidDate.
    static Result<LocalDate> create(int year, int month, int day);
    static LocalDate fromDaysSinceEpoch(int days); ///< day 0 is 1970-01-01; beyond the years, their edge

    int year() const;
    int month() const; ///< 1..12
    int day() const;   ///< 1..31
    int daysSinceEpoch() const noexcept { return m_days; }
    int daysInMonth() const;
    std::string toText() const; ///< "2023-11-01"

    LocalDate plusDays(int days) const { return fromDaysSinceEpoch(m_days + days); }
    /// Same day in another month, or that month's last: 31 January + 1 month is 28 or 29 February. anchorDay,
    /// when given, is the day wanted (so that 31 Jan -> 28 Feb -> 31 Mar does not creep).
    LocalDate plusMonths(int months, int anchorDay = 0) const;

    friend auto operator<=>(const LocalDate&, const LocalDate&) = default;
    friend bool operator==(const LocalDate&, const LocalDate&) = default;

private:
    explicit LocalDate(int days)
        : m_days(days)
    {
    }
    std::chrono::year_month_day civil() const;

    int m_days;
};

} // namespace billing
