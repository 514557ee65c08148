#include "server/audit/verify/chains.h"

#include <sqlite3.h>

#include <set>

namespace verify {

namespace {

struct Entry
{
    std::string chain;
    std::int64_t seq;
    std::string encoding; ///< of everything but its own hash
    std::string previousHash;
    std::string hash;
};

using Database = std::unique_ptr<sqlite3, decltype(&sqlite3_close)>;
using Statement = std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)>;

std::string column(sqlite3_stmt* statement, int index)
{
    const void* data = sqlite3_column_blob(statement, index);
    const int size = sqlite3_column_bytes(statement, index);
    return data == nullptr ? std::string()
                           : std::string(static_cast<const char*>(data), static_cast<std::size_t>(size));
}

Entry readEntry(sqlite3_stmt* statement)
{
    Entry entry{column(statement, 0),
                sqlite3_column_int64(statement, 1),
                {},
                column(statement, 7),
                column(statement, 8)};
    appendField(entry.encoding, "enis-billing audit entry v1");
    appendField(entry.encoding, entry.chain);
    appendNumber(entry.encoding, entry.seq);
    appendNumber(entry.encoding, sqlite3_column_int64(statement, 2));
    for (int index = 3; index <= 6; ++index)
        appendField(entry.encoding, column(statement, index));
    appendField(entry.encoding, entry.previousHash);
    return entry;
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
        if (sha256(entry.encoding) != entry.hash)
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

Database open(const std::string& file)
{
    sqlite3* handle = nullptr;
    sqlite3_open_v2(file.c_str(), &handle, SQLITE_OPEN_READONLY, nullptr);
    return {handle, &sqlite3_close};
}

} // namespace

ChainReport verifyChains(const std::string& database, const Promises& promises)
{
    const Database handle = open(database);
    sqlite3_stmt* prepared = nullptr;
    // The order is the primary key, so that nothing is sorted.
    sqlite3_prepare_v2(handle.get(),
                       "SELECT tenant_id, seq, at, actor, action, object, body, previous_hash, hash"
                       " FROM audit_entry ORDER BY tenant_id, seq",
                       -1, &prepared, nullptr);
    const Statement statement(prepared, &sqlite3_finalize);
    Verifier verifier(promises);
    int code = prepared == nullptr ? sqlite3_errcode(handle.get()) : sqlite3_step(prepared);
    for (; code == SQLITE_ROW; code = sqlite3_step(prepared))
        verifier.take(readEntry(prepared));
    if (code == SQLITE_DONE)
        verifier.finish();
    else
        verifier.report.unreadable = sqlite3_errmsg(handle.get());
    return verifier.report;
}

} // namespace verify
