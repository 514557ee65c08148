// The double-entry ledger's rows: added, never changed. That a posting balances is the ledger room's rule.
#pragma once

#include "server/storage/storage.h"
#include "shared/kernel/instant.h"
#include "shared/model/posting.h"

#include <functional>
#include <optional>
#include <vector>

namespace billing::storage {

struct StoredPosting
{
    LedgerTransactionId id;
    Posting posting;
    Instant postedAt;

    friend bool operator==(const StoredPosting&, const StoredPosting&) = default;
};

struct AccountBalance
{
    AccountKind account;
    Money balance;

    friend bool operator==(const AccountBalance&, const AccountBalance&) = default;
};

/// A business fact is posted once: the same reference again refuses AlreadyExists.
Result<void> insertPosting(Work& work, const LedgerTransactionId& id, const Posting& posting, Instant at);
/// The posting of a reference, or nothing.
Result<std::optional<StoredPosting>>
findPosting(Work& work, const TenantId& tenant, std::string_view referenceType, std::string_view referenceId);
/// One line for each account and currency, in that order. Refuses AmountOverflow.
Result<std::vector<AccountBalance>> balances(Work& work, const TenantId& tenant);
/// Every posting of every tenant, in order of tenant, then id; a refusal of each ends it.
Result<void> forEachPosting(Work& work, const std::function<Result<void>(const StoredPosting&)>& each);

} // namespace billing::storage
