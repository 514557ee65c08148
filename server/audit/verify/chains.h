// Checks each chain of audit entries: numbers without gaps, links, hashes, and what the checkpoints promise.
// Stops looking at a chain at its first bad entry.
#pragma once

#include "server/audit/verify/checkpoints.h"
#include "server/audit/verify/entries.h"

#include <vector>

namespace verify {

struct Finding
{
    std::string chain; ///< empty: the system's
    std::int64_t firstBad;
    std::string reason;
};

struct ChainReport
{
    std::int64_t entries = 0;
    std::int64_t chains = 0;
    std::vector<Finding> findings = {};
    std::string unreadable = {}; ///< why they could not be read to their end; empty when they were
};

ChainReport verifyChains(const EntrySource& source, const Promises& promises);

} // namespace verify
