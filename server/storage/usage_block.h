// Events as the table usage_block keeps them: a JSON array of what one settling stored of a tenant's UTC day,
// in order of time, so that storing costs a row for hundreds of events and an auditor reads it with nothing
// but SQL. Each event is [at, source, event_id, metric_type, value, dimensions, position]. Pure, any thread.
#pragma once

#include "shared/kernel/result.h"
#include "shared/model/usage_event.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace billing::storage {

/// The most events of one block: what a reader holds at once, and a row's size, stay small.
constexpr std::size_t blockLimit = 1'000;

/// Appends one event of a block; blocks are these with commas between, in brackets.
void appendBlockEvent(std::string& text, const UsageEvent& event, JournalPosition position);

/// Midnight in UTC at or before the instant; a block never crosses one.
Instant dayOf(Instant at);

/// An event of a block with the journal's position it came from.
struct BlockEvent
{
    UsageEvent event;
    JournalPosition position;
};

/// The event of that identity in a block's text, or nothing. Refuses StorageCorrupt as decodeBlock.
Result<std::optional<BlockEvent>> findInBlock(const TenantId& tenant, std::string_view events,
                                              std::string_view source, std::string_view eventId);
/// How an event id stands in a block's text, with the commas around it: a text without it does not hold the
/// event.
std::string eventIdInBlock(std::string_view eventId);

struct StoredBlock
{
    std::string_view events;
    std::int64_t count;
    Instant firstAt;
    Instant lastAt;
};

/// The tenant's events, in order of time. Refuses StorageCorrupt when the text is not what was written or
/// the other columns say something else.
Result<std::vector<UsageEvent>> decodeBlock(const TenantId& tenant, const StoredBlock& block);

} // namespace billing::storage
