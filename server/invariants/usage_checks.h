// I3 and I6 of one tenant, in one pass over its events in order of time: identities are compared as a sum of
// hashes, which two tables only share when they hold the same (identity, payload) pairs the same number of
// times; rollups are folded anew, one hour at a time.
#pragma once

#include "server/invariants/violations.h"
#include "server/storage/storage.h"
#include "shared/model/meter_index.h"

namespace billing {

/// Refuses as storage; StorageCorrupt for rows that cannot be read.
Result<void> checkTenantUsage(Work& work, const MeterIndex& meters, const TenantId& tenant,
                              Violations& found);

} // namespace billing
