#include "server/audit/verify/chains.h"

#include <set>

namespace verify {

namespace {

/// Of everything but its own hash.
std::string encodingOf(const Entry& entry)
{
    std::string encoding;
    appendField(encoding, "enis-billing audit entry v1");
    appendField(encoding, entry.chain);
    appendNumber(encoding, entry.seq);
    appendNumber(encoding, entry.at);
    for (const std::string* field : {&entry.actor, &entry.action, &entry.object, &entry.body})
        appendField(encoding, *field);
    appendField(encoding, entry.previousHash);
    return encoding;
}

/// One chain as far as it was read.
struct Walk
{
    std::string chain = {};
    std::int64_t lastGood = 0;
    std::int64_t lastSigned = 0;
    std::string lastHash = std::string(32, '\0');
    bool isBad = false;
};

class Verifier
{
public:
    explicit Verifier(const Promises& promises)
        : m_promises(promises)
    {
    }

    void take(const Entry& entry)
    {
        ++report.entries;
        if (!m_isStarted || entry.chain != m_walk.chain)
            begin(entry.chain);
        if (m_walk.isBad)
            return;
        const std::int64_t due = m_walk.lastGood + 1;
        if (entry.seq != due)
            return fail(due, "missing");
        if (entry.previousHash != m_walk.lastHash)
            return fail(due, "does not follow the entry before");
        if (sha256(encodingOf(entry)) != entry.hash)
            return fail(due, "changed");
        if (const std::string* promise = promised(due)) {
            if (*promise != entry.hash)
                return fail(m_walk.lastSigned + 1, "differs from a signed checkpoint");
            m_walk.lastSigned = due;
        }
        m_walk.lastGood = due;
        m_walk.lastHash = entry.hash;
    }

    void finish()
    {
        end();
        for (const auto& [chain, promises] : m_promises) {
            if (!promises.empty() && m_seen.count(chain) == 0)
                report.findings.push_back({chain, 1, "cut off before a signed checkpoint"});
        }
        // The first entry is signed when the house is founded, so the checkpoints were taken away.
        if (m_promises.empty() && m_isStarted && report.findings.empty())
            report.findings.push_back({*m_seen.begin(), 1, "no signed checkpoint is left"});
    }

    ChainReport report;

private:
    void begin(const std::string& chain)
    {
        end();
        m_isStarted = true;
        m_walk = Walk();
        m_walk.chain = chain;
        m_seen.insert(chain);
        ++report.chains;
    }
    void end()
    {
        const auto promises = m_promises.find(m_walk.chain);
        if (!m_isStarted || m_walk.isBad || promises == m_promises.end() || promises->second.empty())
            return;
        if (promises->second.rbegin()->first > m_walk.lastGood)
            fail(m_walk.lastGood + 1, "cut off before a signed checkpoint");
    }
    void fail(std::int64_t firstBad, const char* reason)
    {
        m_walk.isBad = true;
        report.findings.push_back({m_walk.chain, firstBad, reason});
    }
    const std::string* promised(std::int64_t seq) const
    {
        const auto chain = m_promises.find(m_walk.chain);
        if (chain == m_promises.end())
            return nullptr;
        const auto found = chain->second.find(seq);
        return found == chain->second.end() ? nullptr : &found->second;
    }

    const Promises& m_promises;
    std::set<std::string> m_seen;
    Walk m_walk;
    bool m_isStarted = false;
};

} // namespace

ChainReport verifyChains(const EntrySource& source, const Promises& promises)
{
    Verifier verifier(promises);
    verifier.report.unreadable = source([&](const Entry& entry) { verifier.take(entry); });
    if (verifier.report.unreadable.empty())
        verifier.finish();
    return verifier.report;
}

} // namespace verify
