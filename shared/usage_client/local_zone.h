// Local times to instants, by a fixed offset or a zone of the IANA database as the system keeps it
// (/usr/share/zoneinfo, Debian's tzdata). Immutable and cheap to copy, any thread. Source: RFC 8536 (TZif),
// versions 1 to 4.
#pragma once

#include "shared/kernel/instant.h"
#include "shared/usage_client/zone_rule.h"

#include <memory>
#include <vector>

namespace billing::client {

/// What becomes of a time that the wall showed twice, in the night the clock went back.
enum class Ambiguous
{
    Refuse,
    First,
    Second
};

class LocalZone
{
public:
    static constexpr std::string_view systemDirectory = "/usr/share/zoneinfo";

    /// "UTC", "+02:00", or a name as the database spells it. Refuses UnknownTimeZone, with what is wrong in
    /// the detail.
    static Result<LocalZone> find(std::string_view name, std::string_view directory = systemDirectory);
    /// A TZif file's bytes. Refuses UnknownTimeZone: no such file, or one that counts leap seconds.
    static Result<LocalZone> fromTzif(std::string_view bytes);
    static LocalZone fixed(std::int64_t offsetSeconds);

    /// Seconds east of Greenwich at an instant, in seconds since 1970.
    std::int64_t offsetAt(std::int64_t utcSeconds) const;
    /// The instant at which the wall shows that time; both in seconds since 1970, the wall's as if it were in
    /// UTC. Refuses InvalidTimestamp: the wall never showed it, or twice and ambiguous says Refuse.
    Result<std::int64_t> toUtc(std::int64_t wallSeconds, Ambiguous ambiguous) const;

private:
    struct Table
    {
        std::vector<std::int64_t> changes = {}; ///< ascending
        std::vector<std::int64_t> offsets = {}; ///< one more: before the first, then from each change on
        std::optional<ZoneRule> rule = {};      ///< from the last change on
    };

    explicit LocalZone(std::shared_ptr<const Table> table);

    std::shared_ptr<const Table> m_table;
};

} // namespace billing::client
