#include "shared/usage_client/csv_time.h"

#include "shared/kernel/local_date.h"
#include "shared/usage_client/csv_number.h"

#include <algorithm>

namespace billing::client {

namespace {

constexpr std::int64_t microsPerSecond = 1'000'000;
constexpr std::int64_t secondsPerDay = 86'400;
constexpr std::int64_t firstMicro = -719'162 * secondsPerDay * microsPerSecond; // 0001-01-01T00:00:00Z
constexpr std::int64_t lastMicro = 2'932'897 * secondsPerDay * microsPerSecond - 1;

constexpr std::array<std::pair<std::string_view, TimeFormat>, 7> formats{
    {{"written", TimeFormat::Written},
     {"day-first", TimeFormat::DayFirst},
     {"month-first", TimeFormat::MonthFirst},
     {"seconds", TimeFormat::Seconds},
     {"milliseconds", TimeFormat::Milliseconds},
     {"microseconds", TimeFormat::Microseconds},
     {"nanoseconds", TimeFormat::Nanoseconds}}};

Error refused(std::string detail)
{
    return {ErrorCode::InvalidTimestamp, "timestamp", std::move(detail)};
}

/// A time as written: on the wall, and where the wall is if that is said.
struct Written
{
    std::int64_t wallSeconds = 0; ///< as if the wall were in UTC
    std::int64_t micros = 0;
    std::optional<std::int64_t> offset = {};
};

struct Cursor
{
    std::string_view text;

    bool take(std::string_view oneOf)
    {
        const bool found = !text.empty() && oneOf.find(text.front()) != std::string_view::npos;
        if (found)
            text.remove_prefix(1);
        return found;
    }
    bool number(std::size_t digits, int most, int& value)
    {
        value = 0;
        for (std::size_t at = 0; at < digits; ++at) {
            if (at >= text.size() || text[at] < '0' || text[at] > '9')
                return false;
            value = value * 10 + (text[at] - '0');
        }
        text.remove_prefix(digits);
        return value <= most;
    }
    /// One or two digits.
    bool shortNumber(int most, int& value)
    {
        const bool two = text.size() > 1 && text[1] >= '0' && text[1] <= '9';
        return number(two ? 2 : 1, most, value);
    }
    bool fraction(std::int64_t& micros)
    {
        std::int64_t place = microsPerSecond / 10;
        std::size_t digits = 0;
        for (; digits < text.size() && text[digits] >= '0' && text[digits] <= '9'; ++digits, place /= 10)
            micros += (text[digits] - '0') * place;
        text.remove_prefix(digits);
        return digits > 0;
    }
    /// HH:MM, HH:MM:SS, HH:MM:SS.fraction; where the clock may have twelve hours, H:MM and AM or PM too.
    bool timeOfDay(Written& written, bool twelveHours)
    {
        int hour = 0;
        int minute = 0;
        int second = 0;
        if (!(twelveHours ? shortNumber(23, hour) : number(2, 23, hour)) || !take(":") ||
            !number(2, 59, minute))
            return false;
        if (take(":")) {
            if (!number(2, 59, second))
                return false;
            if (take(".,") && !fraction(written.micros))
                return false;
        }
        if (twelveHours && !halfOfDay(hour))
            return false;
        written.wallSeconds += hour * 3'600 + minute * 60 + second;
        return true;
    }
    /// Takes AM or PM, if there is one; false when no such clock shows that hour.
    bool halfOfDay(int& hour)
    {
        const std::string_view rest = withoutBlanks(text);
        const auto is = [&](std::string_view half) {
            return rest.size() == 2 && (rest[0] | 0x20) == half[0] && (rest[1] | 0x20) == half[1];
        };
        const bool afternoon = is("pm");
        if (!afternoon && !is("am"))
            return true;
        text = {};
        if (hour < 1 || hour > 12)
            return false;
        hour = hour % 12 + (afternoon ? 12 : 0);
        return true;
    }
    /// Nothing, Z, UTC, GMT, +HH, +HHMM, +HH:MM
    bool offset(std::optional<std::int64_t>& seconds)
    {
        text = withoutBlanks(text);
        if (text.empty())
            return true;
        if (text == "Z" || text == "z" || text == "UTC" || text == "GMT") {
            seconds = 0;
            return true;
        }
        const bool east = text.front() == '+';
        int hours = 0;
        int minutes = 0;
        if (!take("+-") || !number(2, 23, hours))
            return false;
        if (!text.empty() && (take(":"), !number(2, 59, minutes)))
            return false;
        seconds = (hours * 60 + minutes) * 60 * (east ? 1 : -1);
        return text.empty();
    }
};

Result<LocalDate> takeYearFirst(Cursor& cursor)
{
    const std::string_view text = cursor.text;
    const auto date = LocalDate::parse(text.substr(0, 10));
    cursor.text.remove_prefix(std::min<std::size_t>(10, text.size()));
    if (date)
        return date;
    const bool turned =
        text.size() > 5 && (text[1] == '/' || text[2] == '/' || text[1] == '.' || text[2] == '.');
    return refused(
        turned ? "which is the day and which the month? --time-format day-first or month-first says it"
               : "expected a date and time like 2026-03-31 18:15:46 or 2026-03-31T18:15:46Z");
}

Result<LocalDate> takeYearLast(Cursor& cursor, bool dayFirst)
{
    int first = 0;
    int second = 0;
    int year = 0;
    const bool whole = cursor.shortNumber(99, first) && !cursor.text.empty();
    const std::string separator(cursor.text.substr(0, 1));
    if (!whole || !cursor.take("./-") || !cursor.shortNumber(99, second) || !cursor.take(separator) ||
        !cursor.number(4, 9'999, year))
        return refused(dayFirst ? "expected a date like 31.03.2026, its year with four digits"
                                : "expected a date like 03/31/2026, its year with four digits");
    const auto date = LocalDate::create(year, dayFirst ? second : first, dayFirst ? first : second);
    return date ? date : refused("there is no such day");
}

Result<Written> readWritten(std::string_view text, TimeFormat format)
{
    Cursor cursor{text};
    const bool yearFirst = format == TimeFormat::Written;
    const auto date =
        yearFirst ? takeYearFirst(cursor) : takeYearLast(cursor, format == TimeFormat::DayFirst);
    if (!date)
        return date.error();
    if (cursor.text.empty())
        return refused("a date without a time of day");
    Written written;
    written.wallSeconds = date->daysSinceEpoch() * secondsPerDay;
    if (!yearFirst && cursor.text.starts_with(", "))
        cursor.take(",");
    if (!cursor.take("Tt ") || !cursor.timeOfDay(written, !yearFirst))
        return refused("expected a time of day from 00:00:00 to 23:59:59 behind the date");
    if (!cursor.offset(written.offset))
        return refused("what is behind the time is no offset: expected Z, UTC or +01:00");
    return written;
}

Result<Instant> inRange(Int128 micros)
{
    if (micros < firstMicro || micros > lastMicro)
        return refused("outside the years 1 to 9999; is --time-format right?");
    return Instant::fromMicros(static_cast<std::int64_t>(micros));
}

Result<Instant> instantOf(const Written& written, const TimeReading& reading)
{
    if (written.offset)
        return inRange((Int128{written.wallSeconds} - *written.offset) * microsPerSecond + written.micros);
    if (!reading.zone)
        return refused("no zone: say --assume-utc if the times are in UTC, or --time-zone");
    const auto seconds = reading.zone->toUtc(written.wallSeconds, reading.ambiguous);
    if (!seconds)
        return seconds.error();
    return inRange(Int128{*seconds} * microsPerSecond + written.micros);
}

/// Nanoseconds of one count.
std::int64_t nanosOf(TimeFormat format)
{
    switch (format) {
    case TimeFormat::Milliseconds:
        return 1'000'000;
    case TimeFormat::Microseconds:
        return 1'000;
    case TimeFormat::Nanoseconds:
        return 1;
    default:
        break;
    }
    return 1'000'000'000;
}

Result<Instant> readCount(std::string_view text, TimeFormat format)
{
    // Nanoseconds have more digits than a quantity may have.
    auto count = parseCsvNumber(text);
    if (!count)
        count = Decimal::parseTotal(text);
    if (!count)
        return refused("expected a number, as --time-format says");
    const Int128 scale = Int128{Decimal::unitsPerOne} * 1'000 / nanosOf(format); // units per microsecond
    const Int128 units = count->scaled();
    const Int128 floored = units / scale - (units % scale < 0 ? 1 : 0);
    return inRange(floored);
}

} // namespace

Result<TimeFormat> parseTimeFormat(std::string_view name)
{
    for (const auto& [known, format] : formats)
        if (known == name)
            return format;
    return Error{
        ErrorCode::InvalidValue, std::string(name),
        "expected written, day-first, month-first, seconds, milliseconds, microseconds or nanoseconds"};
}

bool isCount(TimeFormat format)
{
    return format != TimeFormat::Written && format != TimeFormat::DayFirst &&
           format != TimeFormat::MonthFirst;
}

Result<Instant> readTime(std::string_view text, const TimeReading& reading)
{
    const std::string_view trimmed = withoutBlanks(text);
    if (trimmed.empty())
        return refused("no time");
    if (isCount(reading.format))
        return readCount(trimmed, reading.format);
    const auto written = readWritten(trimmed, reading.format);
    return written ? instantOf(*written, reading) : Result<Instant>(written.error());
}

} // namespace billing::client
