#include "server/ledger/check_balanced.h"

#include <map>

namespace billing {

Result<void> checkBalanced(const Posting& posting)
{
    const auto refused = [&](std::string rule) {
        return Error{ErrorCode::UnbalancedPosting, posting.referenceType + ' ' + posting.referenceId,
                     std::move(rule)};
    };
    if (posting.entries.size() < 2)
        return refused("fewer than two entries");

    // 128 bits, so that no order of entries can overflow on the way to a sum of zero.
    std::map<Currency, Int128> sums;
    for (const LedgerEntry& entry : posting.entries) {
        if (entry.amount.isZero())
            return refused("an entry of zero");
        sums[entry.amount.currency()] += entry.amount.minorUnits();
    }
    for (const auto& [currency, sum] : sums)
        if (sum != 0)
            return refused("debits and credits differ in " + std::string(currency.code()));
    return {};
}

} // namespace billing
