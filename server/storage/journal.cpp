#include "server/storage/journal.h"

#include "server/storage/sql/session.h"

namespace billing::storage {

using sql::Blob;
using sql::Row;
using sql::Value;

namespace {

/// What is read at first when looking for waiting rows.
constexpr std::int64_t fewestRows = 64;

/// How many rows at the front follow one another without a gap and had the same happen to them. One statement
/// marks them all: single events are one row each, and nearly all of them are simply settled.
std::size_t alikeRows(std::span<const SettledRow> rows)
{
    std::size_t count = 1;
    while (count < rows.size() && rows[count].outcomes == rows.front().outcomes &&
           rows[count].position.number() == rows[count - 1].position.number() + 1)
        ++count;
    return count;
}

} // namespace

Result<std::vector<JournalPosition>> appendJournal(Work& work, std::span<const NewJournalRow> rows)
{
    if (const auto turn = waitToAppend(work); !turn)
        return turn.error();
    std::vector<const NewJournalRow*> all;
    all.reserve(rows.size());
    for (const NewJournalRow& row : rows)
        all.push_back(&row);
    return appendInTurn(work, all);
}

Result<void> waitToAppend(Work& work)
{
    return work.session().waitForTurn("append", "usage_journal");
}

Result<std::vector<JournalPosition>> appendInTurn(Work& work, std::span<const NewJournalRow* const> rows)
{
    std::vector<Value> values;
    values.reserve(rows.size() * 3);
    for (const NewJournalRow* row : rows) {
        values.emplace_back(row->receivedAt.micros());
        values.emplace_back(row->eventCount);
        values.emplace_back(Blob{row->body});
    }
    const auto keys = work.session().insertMany(
        "INSERT INTO usage_journal (received_at, event_count, body) VALUES (?, ?, ?) RETURNING position", 3,
        values);
    if (!keys)
        return keys.error();
    std::vector<JournalPosition> positions;
    for (const std::int64_t key : *keys)
        positions.emplace_back(key);
    return positions;
}

Result<std::vector<JournalRow>> waitingRows(Work& work, std::int64_t maxEvents, JournalPosition after)
{
    // In growing steps, so that few bodies are read that then do not fit.
    std::vector<JournalRow> rows;
    std::int64_t events = 0;
    bool full = false;
    bool more = true;
    for (std::int64_t step = fewestRows; more && !full; step *= 2) {
        std::int64_t read = 0;
        const auto done = work.session().query(
            "SELECT position, received_at, event_count, body FROM usage_journal WHERE state = 0 AND "
            "position > ? ORDER BY position LIMIT ?",
            {after.number(), step}, [&](const Row& row) -> Result<void> {
                ++read;
                events += row.integer(2);
                full = full || (events > maxEvents && !rows.empty());
                if (!full)
                    rows.push_back({JournalPosition(row.integer(0)), Instant::fromMicros(row.integer(1)),
                                    row.integer(2), row.text(3)});
                return {};
            });
        if (!done)
            return done.error();
        more = read == step;
        if (more && !full)
            after = rows.back().position;
    }
    return rows;
}

Result<std::vector<JournalPosition>> takeWaiting(Work& work, JournalPosition first, JournalPosition last)
{
    const char* const sql = work.session().dialect() == sql::Dialect::Sqlite
                                ? "SELECT position FROM usage_journal WHERE state = 0 AND position BETWEEN ? "
                                  "AND ? ORDER BY position"
                                : "SELECT position FROM usage_journal WHERE state = 0 AND position BETWEEN ? "
                                  "AND ? ORDER BY position "
                                  "FOR UPDATE SKIP LOCKED";
    std::vector<JournalPosition> taken;
    const auto done =
        work.session().query(sql, {first.number(), last.number()}, [&](const Row& row) -> Result<void> {
            taken.emplace_back(row.integer(0));
            return {};
        });
    return done ? Result<std::vector<JournalPosition>>(std::move(taken)) : done.error();
}

Result<void> markSettled(Work& work, std::span<const SettledRow> rows, Instant at)
{
    while (!rows.empty()) {
        const std::size_t alike = alikeRows(rows);
        const auto changed =
            work.session().execute("UPDATE usage_journal SET state = 1, settled_at = ?, outcomes = ? "
                                   "WHERE position BETWEEN ? AND ? AND state = 0",
                                   {at.micros(), Blob{rows.front().outcomes}, rows.front().position.number(),
                                    rows[alike - 1].position.number()});
        if (!changed)
            return changed.error();
        if (*changed != static_cast<std::int64_t>(alike))
            return Error{ErrorCode::StorageBusy, "usage_journal", "a row was settled by someone else"};
        rows = rows.subspan(alike);
    }
    return {};
}

Result<void> markDead(Work& work, JournalPosition position, std::string_view failure, Instant at)
{
    const auto done = work.session().execute(
        "UPDATE usage_journal SET state = 2, settled_at = ?, failure = ? WHERE position = ? AND state = 0",
        {at.micros(), failure, position.number()});
    return done ? Result<void>() : done.error();
}

Result<Backlog> backlog(Work& work)
{
    const auto found = queryOne(
        work.session(),
        "SELECT count(*), coalesce(sum(event_count), 0), min(received_at) FROM usage_journal WHERE state = 0",
        {}, [](const Row& row) {
            const auto oldest = row.optionalInteger(2);
            return Backlog{row.integer(0), row.integer(1),
                           oldest ? std::optional(Instant::fromMicros(*oldest)) : std::nullopt};
        });
    return found ? Result<Backlog>(**found) : found.error();
}

Result<bool> anyWaitingBefore(Work& work, Instant cut)
{
    const auto found =
        queryOne(work.session(), "SELECT 1 FROM usage_journal WHERE state = 0 AND received_at < ? LIMIT 1",
                 {cut.micros()}, [](const Row&) { return true; });
    return found ? Result<bool>(found->has_value()) : found.error();
}

Result<std::int64_t> deadLetters(Work& work)
{
    const auto found = queryOne(work.session(), "SELECT count(*) FROM usage_journal WHERE state = 2", {},
                                [](const Row& row) { return row.integer(0); });
    return found ? Result<std::int64_t>(**found) : found.error();
}

Result<std::vector<DeadLetter>> deadLettersBehind(Work& work, Instant diedAt, JournalPosition position,
                                                  std::int64_t limit)
{
    std::vector<DeadLetter> found;
    const auto done = work.session().query(
        "SELECT position, received_at, settled_at, event_count, coalesce(failure, '') FROM usage_journal "
        "WHERE state = 2 AND (settled_at, position) > (?, ?) ORDER BY settled_at, position LIMIT ?",
        {diedAt.micros(), position.number(), limit}, [&](const Row& row) -> Result<void> {
            found.push_back({JournalPosition(row.integer(0)), Instant::fromMicros(row.integer(1)),
                             Instant::fromMicros(row.integer(2)), row.integer(3), row.text(4)});
            return {};
        });
    return done ? Result<std::vector<DeadLetter>>(std::move(found)) : done.error();
}

Result<std::optional<std::string>> outcomesOf(Work& work, JournalPosition position)
{
    return queryOne(work.session(),
                    "SELECT outcomes FROM usage_journal WHERE position = ? AND outcomes IS NOT NULL",
                    {position.number()}, [](const Row& row) { return row.text(0); });
}

Result<JournalPosition> settledUpTo(Work& work)
{
    const auto found =
        queryOne(work.session(),
                 "SELECT coalesce((SELECT min(position) - 1 FROM usage_journal WHERE state = 0), "
                 "(SELECT max(position) FROM usage_journal), 0)",
                 {}, [](const Row& row) { return JournalPosition(row.integer(0)); });
    return found ? Result<JournalPosition>(**found) : found.error();
}

Result<std::int64_t> forgetSettledBefore(Work& work, Instant before)
{
    // The newest row stays: its position says how far the journal has come.
    return work.session().execute("DELETE FROM usage_journal WHERE state = 1 AND settled_at < ? AND "
                                  "position < (SELECT max(position) FROM usage_journal)",
                                  {before.micros()});
}

} // namespace billing::storage
