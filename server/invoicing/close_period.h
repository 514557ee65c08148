// What the clockwork does when a period is over: draft and finalise in one transaction, or finalise the draft
// somebody made.
#pragma once

#include "server/invoicing/invoicing.h"
#include "shared/model/subscription.h"

#include <optional>
#include <vector>

namespace billing {

/// The subscription's periods from bill_from on that are over, with their grace, and not yet finalised,
/// oldest first. Refuses as the calendar and storage.
Result<std::vector<BillingPeriod>> duePeriods(const Invoicing& invoicing, const Subscription& subscription);

/// Answers the finalised invoice, or nothing when it was finalised meanwhile. Refuses as finaliseInvoice.
Result<std::optional<Invoice>> closePeriod(const Invoicing& invoicing, const Subscription& subscription,
                                           const BillingPeriod& period, std::string_view actor);

} // namespace billing
