#include "server/invariants/audit_checks.h"

#include "server/audit/canonical.h"
#include "server/audit/hex.h"
#include "server/storage/audit_entries.h"
#include "server/storage/invariant_rows.h"

#include <limits>

namespace billing {

namespace {

constexpr int pageSize = 500;

/// What is wrong with an entry that should follow the one before, or nullptr.
const char* faultOf(const storage::AuditRow& entry, std::int64_t seq, const std::string& previousHash)
{
    if (entry.seq != seq)
        return "an entry is missing or out of place";
    if (entry.previousHash != previousHash)
        return "does not follow the entry before";
    return audit::entryHash(entry) == entry.hash ? nullptr : "changed";
}

Result<void> checkChain(Work& work, const std::string& chain, Violations& found)
{
    std::int64_t seq = 1;
    std::string previousHash = audit::firstPreviousHash();
    std::int64_t after =
        std::numeric_limits<std::int64_t>::min(); // an entry put before the first is seen too
    while (true) {
        const auto page = storage::auditEntries(work, chain, after, pageSize);
        if (!page)
            return page.error();
        for (const storage::AuditRow& entry : *page) {
            if (const char* fault = faultOf(entry, seq, previousHash)) {
                found.add({"I14", "audit:" + chain + "/" + std::to_string(seq), fault});
                return {};
            }
            previousHash = entry.hash;
            after = seq++;
        }
        if (page->size() < pageSize)
            return {};
    }
}

Result<void> checkFinaliseEntries(Work& work, const TenantId& tenant, Violations& found)
{
    return storage::finaliseRecords(work, tenant, [&](const storage::FinaliseRecord& record) -> Result<void> {
        const std::string subject = "invoice:" + record.invoice.text();
        const std::string digest = R"("snapshot_sha256":")" + audit::toHex(record.snapshotSha256) + '"';
        if (record.entries != 1)
            found.add({"I14", subject,
                       std::to_string(record.entries) + " audit entries say that it was finalised"});
        else if (record.body.find(digest) == std::string::npos)
            found.add({"I17", subject, "not the snapshot its audit entry names"});
        return {};
    });
}

} // namespace

Result<void> checkAudit(Work& work, Violations& found)
{
    const auto chains = storage::auditChains(work);
    if (!chains)
        return chains.error();
    for (const std::string& chain : *chains)
        if (const auto done = checkChain(work, chain, found); !done)
            return done;
    const auto tenants = storage::tenantsWithUsage(work);
    if (!tenants)
        return tenants.error();
    for (const TenantId& tenant : *tenants)
        if (const auto done = checkFinaliseEntries(work, tenant, found); !done)
            return done;
    return {};
}

} // namespace billing
