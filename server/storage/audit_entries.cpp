#include "server/storage/audit_entries.h"

#include "server/storage/sql/stored.h"

namespace billing::storage {

namespace {

Result<AuditHead> toHead(const sql::Row& row)
{
    return AuditHead{row.text(0), row.integer(1), row.text(2)};
}

Result<AuditRow> toEntry(const sql::Row& row)
{
    return AuditRow{row.text(0), row.integer(1), Instant::fromMicros(row.integer(2)),
                    row.text(3), row.text(4),    row.text(5),
                    row.text(6), row.text(7),    row.text(8)};
}

} // namespace

Result<std::optional<AuditHead>> lastAuditEntry(Work& work, std::string_view chain)
{
    // Whoever appends reads this first, and nobody else may until that entry is committed.
    if (const auto turn = work.session().waitForTurn("audit", chain); !turn)
        return turn.error();
    return sql::queryFirst(
        work.session(),
        "SELECT tenant_id, seq, hash FROM audit_entry WHERE tenant_id = ? ORDER BY seq DESC LIMIT 1", {chain},
        toHead);
}

Result<void> appendAuditEntry(Work& work, const AuditRow& row)
{
    const auto inserted = work.session().execute(
        "INSERT INTO audit_entry (tenant_id, seq, at, actor, action, object, body, previous_hash, hash)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        {row.chain, row.seq, row.at.micros(), row.actor, row.action, row.object, row.body,
         sql::Blob{row.previousHash}, sql::Blob{row.hash}});
    return inserted ? Result<void>() : inserted.error();
}

Result<std::vector<AuditRow>> auditEntries(Work& work, std::string_view chain, std::int64_t afterSeq,
                                           int limit)
{
    return sql::queryAll(work.session(),
                         "SELECT tenant_id, seq, at, actor, action, object, body, previous_hash, hash"
                         " FROM audit_entry WHERE tenant_id = ? AND seq > ? ORDER BY seq LIMIT ?",
                         {chain, afterSeq, std::int64_t{limit}}, toEntry);
}

Result<std::vector<AuditHead>> auditHeads(Work& work)
{
    const auto chains = auditChains(work);
    if (!chains)
        return chains.error();
    std::vector<AuditHead> heads;
    heads.reserve(chains->size());
    for (const std::string& chain : *chains) {
        auto head = lastAuditEntry(work, chain);
        if (!head)
            return head.error();
        heads.push_back(std::move(head->value()));
    }
    return heads;
}

Result<std::vector<std::string>> auditChains(Work& work)
{
    // Steps from chain to chain along the key; SELECT DISTINCT would walk over every entry.
    return sql::queryAll(work.session(),
                         "WITH RECURSIVE chain (name) AS ("
                         " SELECT min(tenant_id) FROM audit_entry"
                         " UNION ALL"
                         " SELECT (SELECT min(tenant_id) FROM audit_entry WHERE tenant_id > chain.name)"
                         " FROM chain WHERE chain.name IS NOT NULL)"
                         " SELECT name FROM chain WHERE name IS NOT NULL ORDER BY name",
                         {}, [](const sql::Row& row) { return Result<std::string>(row.text(0)); });
}

} // namespace billing::storage
