#include "server/audit/append_entry.h"

#include "server/audit/canonical.h"

namespace billing::audit {

Result<std::int64_t> appendEntry(Work& work, const Entry& entry, Instant at)
{
    const std::string chain = entry.tenant ? entry.tenant->text() : std::string();
    const auto last = storage::lastAuditEntry(work, chain);
    if (!last)
        return last.error();
    storage::AuditRow row{.chain = chain,
                          .seq = *last ? (*last)->seq + 1 : 1,
                          .at = at,
                          .actor = entry.actor,
                          .action = entry.action,
                          .object = entry.object,
                          .body = entry.body,
                          .previousHash = *last ? (*last)->hash : firstPreviousHash(),
                          .hash = {}};
    row.hash = entryHash(row);
    if (const auto appended = storage::appendAuditEntry(work, row); !appended)
        return appended.error();
    return row.seq;
}

} // namespace billing::audit
