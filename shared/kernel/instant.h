// A point in time: microseconds since 1970-01-01T00:00:00Z, without leap seconds. Zones live in
// shared/calendar. Durations are std::chrono; "now" comes only from a Clock that was handed in.
#pragma once

#include "shared/kernel/result.h"

#include <chrono>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace billing {

using Duration = std::chrono::microseconds;

class Instant
{
public:
    static constexpr Instant fromMicros(std::int64_t micros) { return Instant(micros); }

    /// RFC 3339 with a numeric offset or Z ("t" and "z" too); digits beyond the microsecond are floored;
    /// second 60 is refused, and so are offsets beyond 23:59 and instants before year 1 or after year 9999,
    /// as written and in UTC. Refuses InvalidTimestamp.
    static Result<Instant> parse(std::string_view text);

    constexpr std::int64_t micros() const noexcept { return m_micros; }
    std::string toText() const; ///< "2023-11-16T18:15:46.68059Z"; beyond years 1..9999 their first or last

    constexpr Instant plus(Duration duration) const { return Instant(m_micros + duration.count()); }
    constexpr Instant minus(Duration duration) const { return Instant(m_micros - duration.count()); }
    constexpr Duration since(Instant earlier) const { return Duration(m_micros - earlier.m_micros); }
    /// The start of this instant's UTC hour.
    constexpr Instant hour() const
    {
        constexpr std::int64_t step = 3'600'000'000;
        std::int64_t rest = m_micros % step;
        rest += rest < 0 ? step : 0;
        return Instant(m_micros - rest);
    }

    friend constexpr auto operator<=>(const Instant&, const Instant&) = default;
    friend constexpr bool operator==(const Instant&, const Instant&) = default;

private:
    explicit constexpr Instant(std::int64_t micros)
        : m_micros(micros)
    {
    }

    std::int64_t m_micros;
};

/// A half-open span of time.
struct InstantRange
{
    Instant start;
    Instant end;

    constexpr bool contains(Instant at) const { return start <= at && at < end; }
    friend constexpr bool operator==(const InstantRange&, const InstantRange&) = default;
};

} // namespace billing
