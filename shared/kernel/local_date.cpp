#include "shared/kernel/local_date.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>

namespace billing {

namespace {

constexpr int firstDay = -719'162; // 0001-01-01
constexpr int lastDay = 2'932'896; // 9999-12-31

Error refused()
{
    return {ErrorCode::InvalidDate, "date", "expected an existing day as YYYY-MM-DD"};
}

bool readDigits(std::string_view text, int& value)
{
    value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9')
            return false;
        value = value * 10 + (c - '0');
    }
    return true;
}

} // namespace

Result<LocalDate> LocalDate::parse(std::string_view text)
{
    int year = 0;
    int month = 0;
    int day = 0;
    if (text.size() != 10 || text[4] != '-' || text[7] != '-' || !readDigits(text.substr(0, 4), year) ||
        !readDigits(text.substr(5, 2), month) || !readDigits(text.substr(8, 2), day))
        return refused();
    return create(year, month, day);
}

Result<LocalDate> LocalDate::create(int year, int month, int day)
{
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31)
        return refused();
    const std::chrono::year_month_day civil{std::chrono::year(year),
                                            std::chrono::month(static_cast<unsigned>(month)),
                                            std::chrono::day(static_cast<unsigned>(day))};
    if (!civil.ok())
        return refused();
    return LocalDate(static_cast<int>(std::chrono::sys_days(civil).time_since_epoch().count()));
}

LocalDate LocalDate::fromDaysSinceEpoch(int days)
{
    return LocalDate(std::clamp(days, firstDay, lastDay));
}

std::chrono::year_month_day LocalDate::civil() const
{
    return std::chrono::year_month_day(std::chrono::sys_days(std::chrono::days(m_days)));
}

int LocalDate::year() const
{
    return static_cast<int>(civil().year());
}

int LocalDate::month() const
{
    return static_cast<int>(static_cast<unsigned>(civil().month()));
}

int LocalDate::day() const
{
    return static_cast<int>(static_cast<unsigned>(civil().day()));
}

int LocalDate::daysInMonth() const
{
    const std::chrono::year_month_day day = civil();
    return static_cast<int>(static_cast<unsigned>((day.year() / day.month() / std::chrono::last).day()));
}

std::string LocalDate::toText() const
{
    char text[16];
    std::snprintf(text, sizeof text, "%04d-%02d-%02d", year(), month(), day());
    return text;
}

LocalDate LocalDate::plusMonths(int months, int anchorDay) const
{
    constexpr std::int64_t firstMonth = 1 * 12;
    constexpr std::int64_t lastMonth = 9999 * 12 + 11;
    const std::int64_t target = std::int64_t{year()} * 12 + month() - 1 + months;
    if (target < firstMonth || target > lastMonth)
        return LocalDate(target < firstMonth ? firstDay : lastDay);
    const auto first = create(static_cast<int>(target / 12), static_cast<int>(target % 12) + 1, 1);
    const int wanted = anchorDay > 0 ? anchorDay : day();
    return first->plusDays(std::min(wanted, first->daysInMonth()) - 1);
}

} // namespace billing
