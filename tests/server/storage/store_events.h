// Puts events into a store as settling would have, without a journal, identities or rollups.
#pragma once

#include "server/storage/usage.h"

namespace billing::test {

/// Refuses as storage::insertEvents.
Result<void> storeEvents(Work& work, std::vector<UsageEvent> events, SettleNumber settledBy);

} // namespace billing::test
