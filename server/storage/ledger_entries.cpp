#include "server/storage/ledger_entries.h"

#include "server/storage/sql/stored.h"

#include <map>

namespace billing::storage {

namespace {

/// Columns from `first`: account, detail, currency, amount.
Result<LedgerEntry> toEntry(const sql::Row& row, int first)
{
    const auto account = sql::stored(parseAccountKind(row.text(first)), "ledger_entry.account");
    if (!account)
        return account.error();
    const auto currency = sql::stored(Currency::parse(row.text(first + 2)), "ledger_entry.currency");
    if (!currency)
        return currency.error();
    return LedgerEntry{*account, row.text(first + 1), Money::fromMinor(row.integer(first + 3), *currency)};
}

/// Columns: tenant, id, reference type and id, time; then an entry's.
StoredPosting toPostingWithoutEntries(const sql::Row& row)
{
    return {LedgerTransactionId(row.text(1)), Posting{TenantId(row.text(0)), row.text(2), row.text(3), {}},
            Instant::fromMicros(row.integer(4))};
}

Result<void> addEntry(StoredPosting& stored, const sql::Row& row)
{
    auto entry = toEntry(row, 5);
    if (!entry)
        return entry.error();
    stored.posting.entries.push_back(std::move(*entry));
    return {};
}

Result<bool> insertTransaction(Work& work, const LedgerTransactionId& id, const Posting& posting, Instant at)
{
    const auto inserted = work.session().execute(
        "INSERT INTO ledger_transaction (tenant_id, transaction_id, reference_type, reference_id, posted_at)"
        " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        {posting.tenant.text(), id.text(), posting.referenceType, posting.referenceId, at.micros()});
    if (!inserted)
        return inserted.error();
    return *inserted == 1;
}

} // namespace

Result<void> insertPosting(Work& work, const LedgerTransactionId& id, const Posting& posting, Instant at)
{
    const auto isNew = insertTransaction(work, id, posting, at);
    if (!isNew)
        return isNew.error();
    if (!*isNew)
        return Error{ErrorCode::AlreadyExists, posting.referenceType + ":" + posting.referenceId};
    std::int64_t ordinal = 0;
    for (const LedgerEntry& entry : posting.entries) {
        const auto inserted = work.session().execute(
            "INSERT INTO ledger_entry (tenant_id, transaction_id, ordinal, account, detail, currency, amount)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            {posting.tenant.text(), id.text(), ++ordinal, wireName(entry.account), entry.detail,
             entry.amount.currency().code(), entry.amount.minorUnits()});
        if (!inserted)
            return inserted.error();
    }
    return {};
}

Result<std::optional<StoredPosting>> findPosting(Work& work, const TenantId& tenant,
                                                 std::string_view referenceType, std::string_view referenceId)
{
    std::optional<StoredPosting> found;
    const auto done = work.session().query(
        "SELECT t.tenant_id, t.transaction_id, t.reference_type, t.reference_id, t.posted_at,"
        " e.account, e.detail, e.currency, e.amount FROM ledger_transaction t"
        " LEFT JOIN ledger_entry e ON e.tenant_id = t.tenant_id AND e.transaction_id = t.transaction_id"
        " WHERE t.tenant_id = ? AND t.reference_type = ? AND t.reference_id = ? ORDER BY e.ordinal",
        {tenant.text(), referenceType, referenceId}, [&](const sql::Row& row) -> Result<void> {
            if (!found)
                found = toPostingWithoutEntries(row);
            return row.isNull(5) ? Result<void>() : addEntry(*found, row);
        });
    if (!done)
        return done.error();
    return found;
}

Result<std::vector<AccountBalance>> balances(Work& work, const TenantId& tenant)
{
    // Added here, not by SQL: an overflow is then an answer, and the same on every engine.
    std::map<std::pair<AccountKind, Currency>, Money> sums;
    const auto done = work.session().query(
        "SELECT account, detail, currency, amount FROM ledger_entry WHERE tenant_id = ?", {tenant.text()},
        [&](const sql::Row& row) -> Result<void> {
            const auto entry = toEntry(row, 0);
            if (!entry)
                return entry.error();
            const Currency currency = entry->amount.currency();
            auto& sum = sums.try_emplace({entry->account, currency}, Money::zero(currency)).first->second;
            const auto next = sum.plus(entry->amount);
            if (!next)
                return next.error();
            sum = *next;
            return {};
        });
    if (!done)
        return done.error();
    std::vector<AccountBalance> answer;
    for (const auto& [key, sum] : sums)
        answer.push_back({key.first, sum});
    return answer;
}

Result<void> forEachPosting(Work& work, const std::function<Result<void>(const StoredPosting&)>& each)
{
    std::optional<StoredPosting> current;
    const auto done = work.session().query(
        "SELECT t.tenant_id, t.transaction_id, t.reference_type, t.reference_id, t.posted_at,"
        " e.account, e.detail, e.currency, e.amount FROM ledger_transaction t"
        " LEFT JOIN ledger_entry e ON e.tenant_id = t.tenant_id AND e.transaction_id = t.transaction_id"
        " ORDER BY t.tenant_id, t.transaction_id, e.ordinal",
        {}, [&](const sql::Row& row) -> Result<void> {
            const bool isSame =
                current && current->posting.tenant.text() == row.text(0) && current->id.text() == row.text(1);
            if (current && !isSame) {
                if (const auto told = each(*current); !told)
                    return told;
            }
            if (!isSame)
                current = toPostingWithoutEntries(row);
            return row.isNull(5) ? Result<void>() : addEntry(*current, row);
        });
    if (!done)
        return done;
    return current ? each(*current) : Result<void>();
}

} // namespace billing::storage
