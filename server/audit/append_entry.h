// Writes what was done, by whom, to what, into the hash chain of its tenant or of the system, in the caller's
// transaction: the business change and its entry stand or fall together. Bodies hold ids and digests only, no
// personal data, so that erasure stays possible.
#pragma once

#include "server/storage/storage.h"
#include "shared/kernel/instant.h"

#include <optional>
#include <string>

namespace billing::audit {

struct Entry
{
    std::optional<TenantId> tenant; ///< none: the system's own chain
    std::string actor;              ///< "user:anna", "service:kernel", "system"
    std::string action;             ///< "finalise"
    std::string object;             ///< "invoice:inv-..."
    std::string body = "{}";        ///< JSON of ids and digests
};

/// Answers the entry's place in its chain, from 1. Refuses what storage refuses, and the work with it.
Result<std::int64_t> appendEntry(Work& work, const Entry& entry, Instant at);

} // namespace billing::audit
