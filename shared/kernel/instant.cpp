#include "shared/kernel/instant.h"

#include "shared/kernel/local_date.h"

#include <algorithm>
#include <cstdio>

namespace billing {

namespace {

constexpr std::int64_t microsPerSecond = 1'000'000;
constexpr std::int64_t microsPerDay = 86'400 * microsPerSecond;
constexpr std::int64_t firstMicro = -719'162 * microsPerDay;     // 0001-01-01T00:00:00Z
constexpr std::int64_t lastMicro = 2'932'897 * microsPerDay - 1; // 9999-12-31T23:59:59.999999Z

/// Only made when needed: the text costs an allocation, and events are parsed by the hundred thousand.
Error refused()
{
    return {ErrorCode::InvalidTimestamp, "timestamp", "expected RFC 3339 with an offset"};
}

/// A cursor over the text; each step says whether what it wanted was there.
struct Reader
{
    std::string_view text;

    bool literal(char wanted)
    {
        const bool found = !text.empty() && text.front() == wanted;
        if (found)
            text.remove_prefix(1);
        return found;
    }
    bool number(std::size_t digits, int most, int& value)
    {
        if (text.size() < digits)
            return false;
        value = 0;
        for (const char c : text.substr(0, digits)) {
            if (c < '0' || c > '9')
                return false;
            value = value * 10 + (c - '0');
        }
        text.remove_prefix(digits);
        return value <= most;
    }
    bool fraction(std::int64_t& micros)
    {
        micros = 0;
        std::int64_t place = microsPerSecond / 10;
        std::size_t digits = 0;
        while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') {
            micros += (text[digits] - '0') * place;
            place /= 10;
            ++digits;
        }
        text.remove_prefix(digits);
        return digits > 0 && digits <= 32;
    }
    bool offset(std::int64_t& seconds)
    {
        seconds = 0;
        if (literal('Z') || literal('z'))
            return true;
        const bool east = literal('+');
        int hours = 0;
        int minutes = 0;
        if ((!east && !literal('-')) || !number(2, 23, hours) || !literal(':') || !number(2, 59, minutes))
            return false;
        seconds = std::int64_t{hours * 60 + minutes} * 60 * (east ? 1 : -1);
        return true;
    }
};

} // namespace

Result<Instant> Instant::parse(std::string_view text)
{
    if (text.size() < 20)
        return refused();
    const auto date = LocalDate::parse(text.substr(0, 10));
    if (!date)
        return refused();

    Reader reader{text.substr(10)};
    int hour = 0;
    int minute = 0;
    int second = 0;
    std::int64_t micros = 0;
    std::int64_t offsetSeconds = 0;
    const bool clock = (reader.literal('T') || reader.literal('t')) && reader.number(2, 23, hour) &&
                       reader.literal(':') && reader.number(2, 59, minute) && reader.literal(':') &&
                       reader.number(2, 59, second);
    if (!clock || (reader.literal('.') && !reader.fraction(micros)) || !reader.offset(offsetSeconds) ||
        !reader.text.empty())
        return refused();

    const std::int64_t seconds = std::int64_t{hour * 60 + minute} * 60 + second - offsetSeconds;
    const std::int64_t all = date->daysSinceEpoch() * microsPerDay + seconds * microsPerSecond + micros;
    if (all < firstMicro || all > lastMicro) // the offset has moved it out of the years that can be written
        return refused();
    return Instant(all);
}

std::string Instant::toText() const
{
    const std::int64_t micros = std::clamp(m_micros, firstMicro, lastMicro);
    std::int64_t days = micros / microsPerDay;
    std::int64_t rest = micros % microsPerDay;
    if (rest < 0) {
        rest += microsPerDay;
        --days;
    }
    const auto seconds = static_cast<int>(rest / microsPerSecond);
    std::string text = LocalDate::fromDaysSinceEpoch(static_cast<int>(days)).toText();
    char clock[32];
    std::snprintf(clock, sizeof clock, "T%02d:%02d:%02d.%06d", seconds / 3600, seconds / 60 % 60,
                  seconds % 60, static_cast<int>(rest % microsPerSecond));
    text += clock;
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.')
        text.pop_back();
    return text + 'Z';
}

} // namespace billing
