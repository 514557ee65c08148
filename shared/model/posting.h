// Double entry: a posting is one business fact as entries that sum to zero in each currency. Debits are
// positive, credits negative. Postings are only ever added; a correction is another posting.
#pragma once

#include "shared/kernel/money.h"
#include "shared/model/ids.h"

#include <string>
#include <vector>

namespace billing {

enum class AccountKind
{
    Receivable,
    Revenue,
    TaxPayable
};

std::string_view wireName(AccountKind kind);                     ///< "receivable", "revenue", "tax_payable"
Result<AccountKind> parseAccountKind(std::string_view wireName); ///< refuses InvalidValue

struct LedgerEntry
{
    AccountKind account;
    std::string detail = {}; ///< what the account is split by: a charge code, a tax name and rate
    Money amount;            ///< debit positive, credit negative

    friend bool operator==(const LedgerEntry&, const LedgerEntry&) = default;
};

struct Posting
{
    TenantId tenant;
    std::string referenceType; ///< "invoice"
    std::string referenceId;
    std::vector<LedgerEntry> entries;

    friend bool operator==(const Posting&, const Posting&) = default;
};

} // namespace billing
