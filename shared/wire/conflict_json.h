// Conflicts on the wire: two events of one identity, the one that stays and the one that was refused. Values
// only, any thread. Source: DESIGN section 4, GET /conflicts.
#pragma once

#include "shared/model/event_payload.h"

#include <optional>
#include <string>
#include <string_view>

namespace billing::wire {

/// {"timestamp","metric_type","value","dimensions":{}}: what the store keeps of a refused event.
std::string encodeEventPayload(const EventPayload& payload);
/// Refuses what JsonDocument::parse refuses, MissingField, WrongType, UnknownField, and as the fields'
/// parsers.
Result<EventPayload> decodeEventPayload(std::string_view text);

struct ConflictSide
{
    EventPayload payload;
    JournalPosition position;
};

/// Why the accepted payload is not shown.
enum class AcceptedMissing
{
    NotFound,  ///< it is not where it should be: too old, or the identity is unknown
    NotReached ///< the search ended at its bound; asking for fewer conflicts goes further
};

struct Conflict
{
    TenantId tenant;
    std::string source;
    std::string eventId;
    JournalPosition position;                            ///< of the request that was refused
    std::optional<Instant> noticedAt;                    ///< nothing: noticed before both payloads were kept
    std::optional<ConflictSide> accepted;                ///< the one that stays and is billed
    AcceptedMissing missing = AcceptedMissing::NotFound; ///< read when accepted is absent
    std::optional<ConflictSide> refused;                 ///< nothing: noticed before both payloads were kept
};

/// {"tenant_id","source","event_id","position","noticed_at","accepted":{"timestamp","metric_type","value",
/// "dimensions","position"},"refused":{...},"differs":["value"]}. What is not known is null; accepted_missing
/// ("not_found", "not_reached") then says why.
std::string encodeConflict(const Conflict& conflict);

} // namespace billing::wire
