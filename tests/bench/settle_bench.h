// The bench of settling: events already in the journal, settled in transactions of a fixed size, beside the
// rows alone (insert_limits.h).
#pragma once

#include "tests/bench/site.h"

namespace billing::bench {

/// Prints the figure. Of the events, so many per cent repeat an earlier one, scattered.
void benchSettling(Engine engine, int events, int duplicatePercent);

} // namespace billing::bench
