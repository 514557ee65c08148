#include "server/storage/journal_state.h"

#include "server/storage/journal.h"
#include "server/storage/sql/session.h"

namespace billing::storage {

using sql::Row;

Result<JournalState> journalState(Work& work)
{
    const auto settled = settledUpTo(work);
    if (!settled)
        return settled.error();
    const auto accepted = queryOne(work.session(), "SELECT coalesce(max(position), 0) FROM usage_journal", {},
                                   [](const Row& row) { return JournalPosition(row.integer(0)); });
    if (!accepted)
        return accepted.error();
    const auto oldest = queryOne(
        work.session(), "SELECT received_at FROM usage_journal WHERE state = 0 ORDER BY position LIMIT 1", {},
        [](const Row& row) { return Instant::fromMicros(row.integer(0)); });
    if (!oldest)
        return oldest.error();
    return JournalState{**accepted, *settled, *oldest};
}

} // namespace billing::storage
