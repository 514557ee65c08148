// I14: every audit chain is numbered without gaps, linked and hashed, and says once of each final invoice
// that it was finalised; I17: as the snapshot it still is. Without the signed checkpoints: verifyAudit checks
// those.
#pragma once

#include "server/invariants/violations.h"
#include "server/storage/storage.h"

namespace billing {

/// At most one violation per chain for its links. Refuses as storage.
Result<void> checkAudit(Work& work, Violations& found);

} // namespace billing
