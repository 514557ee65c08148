// The identifiers of the business nouns. Texts are made by the server (prefix and 26 characters,
// time-ordered) except TenantId, PlanCode, MeterCode and event ids, which people and kernels choose.
#pragma once

#include "shared/kernel/result.h"
#include "shared/kernel/strong_id.h"

#include <string_view>

namespace billing {

using TenantId = StrongId<struct TenantIdTag>;
using SubscriptionId = StrongId<struct SubscriptionIdTag>;
using InvoiceId = StrongId<struct InvoiceIdTag>;
using PlanCode = StrongId<struct PlanCodeTag>;
using MeterCode = StrongId<struct MeterCodeTag>;
using LedgerTransactionId = StrongId<struct LedgerTransactionIdTag>;

/// Names a piece of writing work, so that an ambiguous COMMIT can be read back instead of guessed.
using WorkId = StrongId<struct WorkIdTag>;

/// Where an accepted request stands in the usage journal; grows by one per request.
using JournalPosition = StrongNumber<struct JournalPositionTag>;
/// How many times a tenant's usage has been settled; every event carries the number that settled it.
using SettleNumber = StrongNumber<struct SettleNumberTag>;

/// [a-z0-9-]{3,40}, and none of the reserved words of the usage routes (current, batch, corrections,
/// bundles). Refuses InvalidTenantId, then ReservedTenantId.
Result<TenantId> parseTenantId(std::string_view text);

} // namespace billing
