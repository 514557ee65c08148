// Questions about the whole store whose answers are empty when all is well: what check-invariants asks the
// engine itself. Each answer names the invariant (shared/reference/reliability.md, section 3). Rows are
// visited in the order of their keys; sorting needs memory for one row per invoice at most, never for events.
// Rules that need our arithmetic, keys or hashes are in server/invariants.
#pragma once

#include "server/storage/storage.h"

#include <functional>
#include <string>

namespace billing::storage {

struct Breach
{
    std::string invariant; ///< "I8"
    std::string subject;   ///< "invoice:inv_..."
    std::string detail;

    friend bool operator==(const Breach&, const Breach&) = default;
};

using EachBreach = std::function<Result<void>(const Breach&)>;

/// I1 zero sums, I8 numbers, I13 postings, I21 periods. A refusal of each ends the asking, here and below.
Result<void> moneyBreaches(Work& work, const EachBreach& each);
/// I4 what became of accepted usage, I7 billed ranges, I18 rows of tenants that are none.
Result<void> usageBreaches(Work& work, const EachBreach& each);
/// I17 documents of what is not frozen, I20 nonces.
Result<void> sealBreaches(Work& work, const EachBreach& each);
/// I24: the engine's own view of its pages, indexes and references. Reads the whole store. SQLite does not
/// load CHECK constraints on a connection that only reads, so those are held at writing alone.
Result<void> engineBreaches(Work& work, const EachBreach& each);

} // namespace billing::storage
