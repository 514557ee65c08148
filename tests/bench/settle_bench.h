// The bench of settling: events already in the journal, settled in transactions of a fixed size, beside the
// raw insert of the same rows into one text-keyed table of a file of its own, with the same journal mode and
// the same flushing.
#pragma once

#include "server/app/house.h"

#include <string>

namespace billing::bench {

constexpr int tenantCount = 20;
std::string tenantName(int index); ///< "bench-07"

/// One event as JSON; its id is a scrambled number, as random ids are.
std::string eventJson(std::uint64_t number, int tenant, const std::string& timestamp);

/// Prints the figure. Of the events, so many per cent repeat an earlier one, scattered.
void benchSettling(House& house, int events, int duplicatePercent);

} // namespace billing::bench
