#include "server/audit/verify_audit.h"

#include "server/audit/canonical.h"
#include "server/audit/checkpoints.h"
#include "server/storage/audit_entries.h"

#include <limits>
#include <map>

namespace billing::audit {

namespace {

/// What the checkpoints say: for each chain, the hash of some of its entries.
using Promises = std::map<std::string, std::map<std::int64_t, std::string>>;

constexpr int pageSize = 1000;

Promises promisesOf(const std::vector<Checkpoint>& checkpoints)
{
    Promises promises;
    for (const Checkpoint& checkpoint : checkpoints) {
        for (const storage::AuditHead& head : checkpoint.heads)
            promises[head.chain][head.seq] = head.hash;
    }
    return promises;
}

/// Walks along one chain, remembering the last good entry.
class ChainWalk
{
public:
    ChainWalk(std::string chain, const std::map<std::int64_t, std::string>& promised)
        : m_chain(std::move(chain))
        , m_promised(promised)
    {
    }

    std::int64_t lastGood() const { return m_lastGood; }

    std::optional<Finding> step(const storage::AuditRow& entry)
    {
        const std::int64_t expected = m_lastGood + 1;
        if (entry.seq != expected)
            return Finding{m_chain, expected, "missing"};
        if (entry.previousHash != m_previousHash)
            return Finding{m_chain, expected, "does not follow the entry before"};
        if (entryHash(entry) != entry.hash)
            return Finding{m_chain, expected, "changed"};
        const auto promise = m_promised.find(expected);
        if (promise != m_promised.end() && promise->second != entry.hash)
            return Finding{m_chain, firstUnproven(), "differs from a signed checkpoint"};
        if (promise != m_promised.end())
            m_lastProven = expected;
        m_lastGood = expected;
        m_previousHash = entry.hash;
        return std::nullopt;
    }

    std::optional<Finding> end() const
    {
        if (!m_promised.empty() && m_promised.rbegin()->first > m_lastGood)
            return Finding{m_chain, m_lastGood + 1, "cut off before a signed checkpoint"};
        return std::nullopt;
    }

private:
    /// A recomputed chain is whole in itself: what is known is that it was right up to the last checkpoint.
    std::int64_t firstUnproven() const { return m_lastProven + 1; }

    std::string m_chain;
    const std::map<std::int64_t, std::string>& m_promised;
    std::int64_t m_lastGood = 0;
    std::int64_t m_lastProven = 0;
    std::string m_previousHash = firstPreviousHash();
};

Result<std::optional<Finding>> verifyChain(Work& work, const std::string& chain,
                                           const std::map<std::int64_t, std::string>& promised)
{
    ChainWalk walk(chain, promised);
    auto after = std::numeric_limits<std::int64_t>::min(); // an entry put before the first is seen too
    for (;;) {
        const auto page = storage::auditEntries(work, chain, after, pageSize);
        if (!page)
            return page.error();
        for (const storage::AuditRow& entry : *page) {
            if (const auto finding = walk.step(entry))
                return finding;
        }
        after = walk.lastGood();
        if (page->size() < pageSize)
            return walk.end();
    }
}

} // namespace

Result<std::vector<Finding>> verifyAudit(Storage& storage, const std::filesystem::path& checkpointFile,
                                         const secrets::AuditPublicKey& key)
{
    // The file first: an entry and a checkpoint that come meanwhile are then no false alarm.
    const auto checkpoints = readCheckpoints(checkpointFile, key);
    if (!checkpoints)
        return checkpoints.error();
    Promises promises = promisesOf(*checkpoints);
    return readValue(storage, Scope::allTenants("verify audit"),
                     [&](Work& work) -> Result<std::vector<Finding>> {
                         const auto stored = storage::auditChains(work);
                         if (!stored)
                             return stored.error();
                         for (const std::string& chain : *stored)
                             promises[chain]; // a chain no checkpoint knows yet
                         std::vector<Finding> findings;
                         for (const auto& [chain, promised] : promises) {
                             const auto finding = verifyChain(work, chain, promised);
                             if (!finding)
                                 return finding.error();
                             if (*finding)
                                 findings.push_back(**finding);
                         }
                         // init signs the first entry: without a checkpoint the file was taken away, and
                         // nothing says that a chain which is whole in itself is the one that was written.
                         if (checkpoints->empty() && !stored->empty() && findings.empty())
                             findings.push_back({stored->front(), 1, "no signed checkpoint is left"});
                         return findings;
                     });
}

} // namespace billing::audit
