// The zero-sum rule: what makes a posting a posting. Everything that is written to the ledger passes here
// first. Pure, any thread.
#pragma once

#include "shared/model/posting.h"

namespace billing {

/// At least two entries, none of them zero, and debits and credits equal in each currency. Refuses
/// UnbalancedPosting; the subject is the posting's reference, the detail says which rule it breaks.
Result<void> checkBalanced(const Posting& posting);

} // namespace billing
