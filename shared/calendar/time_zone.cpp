#include "shared/calendar/time_zone.h"

#include <QDateTime>
#include <QTimeZone>
#include <algorithm>

namespace billing {

namespace {

constexpr std::int64_t secondsPerDay = 86'400;
constexpr std::int64_t microsPerSecond = 1'000'000;
// 0001-01-01 and 9999-12-31, as days since 1970-01-01.
constexpr std::int64_t firstDay = -719'162;
constexpr std::int64_t lastDay = 2'932'896;

std::int64_t floorDivide(std::int64_t value, std::int64_t by)
{
    return value / by - (value % by < 0 ? 1 : 0);
}

QDateTime utc(std::int64_t seconds)
{
    return QDateTime::fromSecsSinceEpoch(seconds, Qt::UTC);
}

// QTimeZone looks a name up as a path below zoneinfo and, failing that, reads it as a POSIX rule or an
// offset; so only what can be a name of the database reaches it.
bool looksLikeIanaName(std::string_view name)
{
    constexpr std::size_t longest = 64;
    if (name == "UTC")
        return true;
    if (name.size() > longest || name.starts_with("right/") || name.starts_with("posix/") ||
        name.find('/') == std::string_view::npos)
        return false;
    bool atPartStart = true;
    for (const char c : name) {
        const bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        const bool inside = (c >= '0' && c <= '9') || c == '_' || c == '+' || c == '-' || c == '/';
        if (!letter && (atPartStart || !inside))
            return false;
        atPartStart = c == '/';
    }
    return !atPartStart;
}

} // namespace

TimeZone::TimeZone(std::shared_ptr<const QTimeZone> zone)
    : m_zone(std::move(zone))
{
}

Result<TimeZone> TimeZone::find(std::string_view iana)
{
    const Error unknown{ErrorCode::UnknownTimeZone, "time_zone"};
    if (!looksLikeIanaName(iana))
        return unknown;
    const QByteArray name(iana.data(), static_cast<qsizetype>(iana.size()));
    auto zone = std::make_shared<const QTimeZone>(name == "UTC" ? QTimeZone::utc() : QTimeZone(name));
    if (!zone->isValid() || zone->id() != name)
        return unknown;
    return TimeZone(std::move(zone));
}

Instant TimeZone::startOfDay(LocalDate day) const
{
    // Walk the stretches of constant offset around the day and take the first moment whose wall clock has
    // reached its midnight. No offset, local mean time included, is a day and a half.
    constexpr std::int64_t reach = secondsPerDay * 3 / 2;
    const std::int64_t midnight = day.daysSinceEpoch() * secondsPerDay;
    std::int64_t stretchStart = midnight - reach;
    std::int64_t offset = m_zone->offsetFromUtc(utc(stretchStart));
    const auto transitions = m_zone->transitions(utc(stretchStart), utc(midnight + reach));
    for (const QTimeZone::OffsetData& transition : transitions) {
        const std::int64_t stretchEnd = transition.atUtc.toSecsSinceEpoch();
        const std::int64_t reached = std::max(stretchStart, midnight - offset);
        if (reached < stretchEnd)
            return Instant::fromMicros(reached * microsPerSecond);
        stretchStart = stretchEnd;
        offset = transition.offsetFromUtc;
    }
    return Instant::fromMicros(std::max(stretchStart, midnight - offset) * microsPerSecond);
}

LocalDate TimeZone::dateOf(Instant at) const
{
    const std::int64_t seconds = std::clamp(floorDivide(at.micros(), microsPerSecond),
                                            (firstDay - 1) * secondsPerDay, (lastDay + 2) * secondsPerDay);
    const std::int64_t days = floorDivide(seconds + m_zone->offsetFromUtc(utc(seconds)), secondsPerDay);
    return LocalDate::fromDaysSinceEpoch(static_cast<int>(std::clamp(days, firstDay, lastDay)));
}

} // namespace billing
