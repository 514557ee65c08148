// What the server says to usage: a result per event and where the request stands in the journal. Written by
// the server, read by clients, which pass over members they do not know. Values only, any thread. Source:
// DESIGN section 4.
#pragma once

#include "shared/model/ids.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace billing::wire {

/// Accepted: in the journal. Settled: counted. Duplicate: the same fact was there already. Conflict: another
/// fact has its identity, that one stays. Rejected: not taken, for the reason given.
enum class EventStatus
{
    Accepted,
    Settled,
    Duplicate,
    Conflict,
    Rejected
};

std::string_view wireName(EventStatus status); ///< "accepted", "settled", "duplicate", "conflict", "rejected"

struct EventResult
{
    std::string eventId = {}; ///< empty when the event was refused before it had one
    EventStatus status = EventStatus::Accepted;
    std::optional<Error> error = {}; ///< of conflict and rejected

    friend bool operator==(const EventResult&, const EventResult&) = default;
};

/// One result per event sent, in the order sent.
struct UsageAnswer
{
    std::vector<EventResult> results = {};
    std::optional<JournalPosition> position = {}; ///< absent when no event was taken
    std::optional<bool> settled = {};             ///< present when the request waited for it

    friend bool operator==(const UsageAnswer&, const UsageAnswer&) = default;
};

/// {"results":[{"event_id","status","code"?,"detail"?,"subject"?,"index"}],"position":123,"settled":true}
std::string encodeUsageAnswer(const UsageAnswer& answer);
/// A code this version does not know is read as Internal, its name kept in the detail. Refuses what
/// JsonDocument::parse refuses, WrongType, MissingField, InvalidValue (an unknown status; results out of
/// order).
Result<UsageAnswer> decodeUsageAnswer(std::string_view text);

/// The answer to a single event.
struct UsageRecorded
{
    std::string eventId;
    JournalPosition position;
    std::optional<EventStatus> status = {}; ///< present when the request waited and it is known

    friend bool operator==(const UsageRecorded&, const UsageRecorded&) = default;
};

/// {"event_id","recorded":true,"position":123,"status"?}
std::string encodeUsageRecorded(const UsageRecorded& recorded);
/// Refuses as decodeUsageAnswer; InvalidValue also for "recorded" not true.
Result<UsageRecorded> decodeUsageRecorded(std::string_view text);

} // namespace billing::wire
