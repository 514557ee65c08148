// The usage journal: what was answered 2xx and is not lost, in the order it came. One row per request, many
// rows per transaction. A row waits, then is settled (metering says what became of each event) or is a dead
// letter.
#pragma once

#include "server/storage/storage.h"
#include "shared/kernel/instant.h"
#include "shared/model/usage_event.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace billing::storage {

/// What became of one event of a settled request; the characters are stored.
enum class Outcome : char
{
    Settled = 's',
    Duplicate = 'd',
    Conflict = 'c',
    Rejected = 'r'
};

struct NewJournalRow
{
    Instant receivedAt;
    std::int64_t eventCount;
    std::string body; ///< encodeJournalBody
};

struct JournalRow
{
    JournalPosition position;
    Instant receivedAt;
    std::int64_t eventCount;
    std::string body;
};

struct SettledRow
{
    JournalPosition position;
    std::string outcomes; ///< one Outcome character per event
};

/// How much waits to be settled.
struct Backlog
{
    std::int64_t rows = 0;
    std::int64_t events = 0;
    std::optional<Instant> oldest = {};
};

/// Answers the rows' positions, in order. Positions are committed in their order, so that whoever sees one
/// sees all before it: for that it waits until no other write appends, and keeps the others waiting until
/// this transaction ends.
Result<std::vector<JournalPosition>> appendJournal(Work& work, std::span<const NewJournalRow> rows);
/// The same in two steps, for whoever knows only in his turn what he appends.
Result<void> waitToAppend(Work& work);
Result<std::vector<JournalPosition>> appendInTurn(Work& work, std::span<const NewJournalRow* const> rows);

/// Waiting rows behind that position, in order: at least one if any waits, then as many as keep the sum of
/// events within maxEvents.
Result<std::vector<JournalRow>> waitingRows(Work& work, std::int64_t maxEvents,
                                            JournalPosition after = JournalPosition(0));

/// Takes the waiting rows from first to last for this transaction and answers which it got, in order. Those
/// that another transaction has taken are left out, not waited for.
Result<std::vector<JournalPosition>> takeWaiting(Work& work, JournalPosition first, JournalPosition last);

Result<void> markSettled(Work& work, std::span<const SettledRow> rows, Instant at);
Result<void> markDead(Work& work, JournalPosition position, std::string_view failure, Instant at);

Result<Backlog> backlog(Work& work);
/// Whether a row received before the cut still waits; dead letters do not count.
Result<bool> anyWaitingBefore(Work& work, Instant cut);
Result<std::int64_t> deadLetters(Work& work);

struct DeadLetter
{
    JournalPosition position;
    Instant receivedAt;
    Instant diedAt;
    std::int64_t eventCount;
    std::string failure; ///< toText of the refusal
};

/// Behind that moment and position, oldest first.
Result<std::vector<DeadLetter>> deadLettersBehind(Work& work, Instant diedAt, JournalPosition position,
                                                  std::int64_t limit);
/// The stored outcomes of a request, or nothing while it waits.
Result<std::optional<std::string>> outcomesOf(Work& work, JournalPosition position);
/// Every request up to here is settled (or dead); 0 before the first.
Result<JournalPosition> settledUpTo(Work& work);

/// Forgets settled rows whose settling is older than the instant, but never the newest row; answers how many.
Result<std::int64_t> forgetSettledBefore(Work& work, Instant before);

} // namespace billing::storage
