// The rows of the audit chains, as they are stored; what links and hashes them is server/audit. A chain is
// named by its tenant's id, the system's own by the empty text.
#pragma once

#include "server/storage/storage.h"
#include "shared/kernel/instant.h"

#include <optional>
#include <vector>

namespace billing::storage {

struct AuditRow
{
    std::string chain;
    std::int64_t seq;
    Instant at;
    std::string actor;
    std::string action;
    std::string object;
    std::string body;         ///< JSON of ids and digests
    std::string previousHash; ///< 32 bytes
    std::string hash;         ///< 32 bytes

    friend bool operator==(const AuditRow&, const AuditRow&) = default;
};

/// The newest entry of a chain.
struct AuditHead
{
    std::string chain;
    std::int64_t seq;
    std::string hash; ///< 32 bytes

    friend bool operator==(const AuditHead&, const AuditHead&) = default;
};

Result<std::optional<AuditHead>> lastAuditEntry(Work& work, std::string_view chain);
/// A taken (chain, seq) is ConstraintViolated.
Result<void> appendAuditEntry(Work& work, const AuditRow& row);
/// In order of seq, from the one behind afterSeq.
Result<std::vector<AuditRow>> auditEntries(Work& work, std::string_view chain, std::int64_t afterSeq,
                                           int limit);
/// Every chain's head, in order of chain.
Result<std::vector<AuditHead>> auditHeads(Work& work);
/// The names of all chains, in order.
Result<std::vector<std::string>> auditChains(Work& work);

} // namespace billing::storage
