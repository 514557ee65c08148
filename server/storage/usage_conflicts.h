// Conflicts: events whose identity another payload had already taken. The first one stays and is billed; the
// refused payload is kept, so that a person can see what differed. Of one identity the first few different
// payloads are kept, each once: a client that repeats a conflict for ever does not fill the table.
#pragma once

#include "server/storage/usage.h"
#include "shared/model/event_payload.h"

#include <optional>
#include <string>
#include <vector>

namespace billing::storage {

/// The most refused payloads that are kept of one identity.
constexpr std::size_t keptPayloads = 20;

struct Conflict
{
    JournalPosition position;
    std::int64_t ordinal; ///< index among the request's events
    const UsageEvent* event;
    const Identity* identity; ///< the event's own
};

/// Keeps those that are not kept yet. In the transaction that holds the tenants' heads.
Result<void> insertConflicts(Work& work, std::span<const Conflict> conflicts, Instant noticedAt);

/// Where a conflict stands in the order of all: newest is the highest.
struct ConflictPlace
{
    JournalPosition position;
    TenantId tenant;
    std::int64_t ordinal;

    friend bool operator==(const ConflictPlace&, const ConflictPlace&) = default;
};

struct KeptConflict
{
    ConflictPlace place;
    std::string source;
    std::string eventId;
    std::optional<EventPayload> refused; ///< nothing in rows from before migration 0005
    std::optional<Instant> noticedAt;    ///< likewise
    std::optional<std::int64_t>
        eventMonth; ///< in which the first payload lies, if it is known (usage_months.h)
};

struct ConflictFilter
{
    std::optional<TenantId> tenant = {};
    std::optional<ConflictPlace> behind = {}; ///< the last one shown
    std::int64_t limit = 50;
};

Result<std::vector<KeptConflict>> newestConflicts(Work& work, const ConflictFilter& filter);

/// Where a conflict stands in the order in which they were noticed.
struct NoticedPlace
{
    Instant at;
    std::string tenant;
    JournalPosition position;
    std::int64_t ordinal;
};

/// Those behind the place in order of (noticed at, tenant, position, ordinal), for lists of what waits
/// longest; without those from before migration 0005, of which nobody knows the time.
Result<std::vector<KeptConflict>> conflictsNoticed(Work& work, const std::optional<TenantId>& tenant,
                                                   const NoticedPlace& behind, std::int64_t limit);
struct CountedConflicts
{
    std::optional<TenantId> tenant;
    Instant noticedAfter;
    std::int64_t atMost; ///< counted no further
};
Result<std::int64_t> conflictCount(Work& work, const CountedConflicts& which);
Result<std::int64_t> conflictsOf(Work& work, const TenantId& tenant);

/// The month (usage_months.h) of the event that has the identity, or nothing when none has.
Result<std::optional<std::int64_t>> monthOfIdentity(Work& work, const TenantId& tenant,
                                                    const IdentityHash& identity);

/// The first payload as its block holds it.
struct FirstPayload
{
    EventPayload payload;
    JournalPosition position;
};

struct FirstPayloadSearch
{
    std::optional<FirstPayload> found = {};
    bool isComplete = true; ///< false: a bound ended it before all blocks that could hold it were read
};

/// Looks for the first payload: in blocks that cover the refused one's own time, then in those of its month,
/// nearest first, 200 blocks in each direction. Takes the blocks it reads off `blocks` and stops when none is
/// left. Refuses StorageCorrupt.
Result<FirstPayloadSearch> findFirstPayload(Work& work, const KeptConflict& conflict, std::int64_t& blocks);

} // namespace billing::storage
