// How far the journal has come: what is accepted, what of it is settled, and since when the oldest of the
// rest waits. Read in one snapshot, beside the figures it describes.
#pragma once

#include "server/storage/storage.h"
#include "shared/kernel/instant.h"

#include <optional>

namespace billing::storage {

struct JournalState
{
    JournalPosition acceptedUpTo; ///< the highest position given; 0 before the first
    JournalPosition settledUpTo;  ///< every request up to here is settled (or dead)
    std::optional<Instant> oldestWaiting = {};
};

Result<JournalState> journalState(Work& work);

} // namespace billing::storage
