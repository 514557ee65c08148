// Checks every audit chain against its own hashes and against the signed checkpoints. The program
// billing-audit-verify does the same without a line of this code; check both when it matters.
#pragma once

#include "server/secrets/audit_key.h"
#include "server/storage/storage.h"

#include <filesystem>
#include <string>
#include <vector>

namespace billing::audit {

struct Finding
{
    std::string chain;     ///< empty: the system's
    std::int64_t firstBad; ///< the first entry that is missing, changed or out of place
    std::string reason;

    friend bool operator==(const Finding&, const Finding&) = default;
};

/// At most one finding for each chain, in order of chain; none when all is well. Entries without any
/// checkpoint are a finding of the first chain. Refuses FileUnreadable and
/// CheckpointBroken of the checkpoints, and what storage refuses.
Result<std::vector<Finding>> verifyAudit(Storage& storage, const std::filesystem::path& checkpointFile,
                                         const secrets::AuditPublicKey& key);

} // namespace billing::audit
