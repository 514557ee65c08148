#include "shared/usage_client/zone_rule.h"

#include <chrono>
#include <string>

namespace billing::client {

namespace {

constexpr std::int64_t secondsPerDay = 86'400;

struct Cursor
{
    std::string_view text;

    bool literal(char wanted)
    {
        const bool found = text.starts_with(wanted);
        if (found)
            text.remove_prefix(1);
        return found;
    }
    bool number(int most, int& value)
    {
        std::size_t digits = 0;
        value = 0;
        for (; digits < text.size() && text[digits] >= '0' && text[digits] <= '9' && digits < 3; ++digits)
            value = value * 10 + (text[digits] - '0');
        text.remove_prefix(digits);
        return digits > 0 && value <= most;
    }
    /// "CET" or "<+03>"
    bool name()
    {
        std::size_t size = 0;
        if (text.starts_with('<')) {
            const std::size_t close = text.find('>');
            size = close == std::string_view::npos ? 0 : close + 1;
        } else {
            const auto isLetter = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); };
            while (size < text.size() && isLetter(text[size]))
                ++size;
        }
        text.remove_prefix(size);
        return size >= 3;
    }
    /// [+-]hh[:mm[:ss]]
    bool time(int mostHours, std::int64_t& seconds)
    {
        const bool negative = text.starts_with('-');
        if (negative || text.starts_with('+'))
            text.remove_prefix(1);
        int hours = 0;
        int minutes = 0;
        int rest = 0;
        if (!number(mostHours, hours) || (literal(':') && !number(59, minutes)) ||
            (literal(':') && !number(59, rest)))
            return false;
        seconds = (hours * 3'600 + minutes * 60 + rest) * (negative ? -1 : 1);
        return true;
    }
    bool change(YearlyChange& change)
    {
        using enum YearlyChange::Form;
        if (literal('M')) {
            change.form = WeekdayOfMonth;
            if (!number(12, change.month) || !literal('.') || !number(5, change.week) || !literal('.') ||
                !number(6, change.day) || change.month == 0 || change.week == 0)
                return false;
        } else if (literal('J')) {
            change.form = JulianWithoutLeap;
            if (!number(365, change.day) || change.day == 0)
                return false;
        } else {
            change.form = DayOfYear;
            if (!number(365, change.day))
                return false;
        }
        return !literal('/') || time(167, change.seconds);
    }
};

int yearOf(std::int64_t seconds)
{
    const std::int64_t days = seconds / secondsPerDay - (seconds % secondsPerDay < 0 ? 1 : 0);
    return static_cast<int>(
        std::chrono::year_month_day(std::chrono::sys_days(std::chrono::days(static_cast<int>(days)))).year());
}

} // namespace

std::int64_t YearlyChange::inYear(int year) const
{
    using namespace std::chrono;
    const std::chrono::year inThis(year);
    const auto yearsStart = sys_days(inThis / January / 1);
    sys_days found = yearsStart;
    switch (form) {
    case Form::DayOfYear:
        found = yearsStart + days(day);
        break;
    case Form::JulianWithoutLeap:
        found = yearsStart + days(day - 1 + (inThis.is_leap() && day >= 60 ? 1 : 0));
        break;
    case Form::WeekdayOfMonth: {
        const auto ofMonth = inThis / std::chrono::month(static_cast<unsigned>(month));
        const weekday wanted(static_cast<unsigned>(day));
        found = week == 5 ? sys_days(ofMonth / wanted[last])
                          : sys_days(ofMonth / wanted[static_cast<unsigned>(week)]);
        break;
    }
    }
    return std::int64_t{found.time_since_epoch().count()} * secondsPerDay + seconds;
}

Result<ZoneRule> ZoneRule::parse(std::string_view text)
{
    const Error refused{ErrorCode::InvalidValue, "zone", "the zone's rule is not understood"};
    ZoneRule rule;
    Cursor cursor{text};
    std::int64_t west = 0;
    if (!cursor.name() || !cursor.time(24, west))
        return refused;
    rule.m_standard = -west;
    rule.m_summer = rule.m_standard;
    if (cursor.text.empty())
        return rule;
    rule.m_changes = true;
    rule.m_summer += 3'600;
    if (!cursor.name())
        return refused;
    if (!cursor.text.starts_with(',')) {
        if (!cursor.time(24, west))
            return refused;
        rule.m_summer = -west;
    }
    if (!cursor.literal(',') || !cursor.change(rule.m_start) || !cursor.literal(',') ||
        !cursor.change(rule.m_end) || !cursor.text.empty())
        return refused;
    return rule;
}

std::int64_t ZoneRule::offsetAt(std::int64_t utcSeconds) const
{
    if (!m_changes)
        return m_standard;
    const int year = yearOf(utcSeconds + m_standard);
    const std::int64_t start = m_start.inYear(year) - m_standard;
    const std::int64_t end = m_end.inYear(year) - m_summer;
    const bool summer = start < end ? start <= utcSeconds && utcSeconds < end
                                    : !(end <= utcSeconds && utcSeconds < start); // south of the equator
    return summer ? m_summer : m_standard;
}

} // namespace billing::client
