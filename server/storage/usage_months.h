// Months of usage: where an engine keeps events by the month of their own time, a month is made before the
// first event of it is stored.
#pragma once

#include "server/storage/usage.h"

namespace billing::storage {

/// Months since 1970-01, in UTC; what Identity::eventMonth holds.
std::int64_t monthOf(Instant at);

/// Makes the months of these events that are not there yet. Nothing to do on SQLite.
Result<void> makeMonthsOf(Work& work, std::span<const StoredEvent> events);

} // namespace billing::storage
