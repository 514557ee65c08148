// What the clockwork does when a period is over: draft and finalise in one transaction, or finalise the draft
// somebody made.
#pragma once

#include "server/invoicing/invoicing.h"
#include "shared/model/subscription.h"

#include <optional>
#include <vector>

namespace billing {

struct DuePeriods
{
    std::vector<BillingPeriod> periods; ///< to be closed, oldest first
    LocalDate next;                     ///< where to go on: before it nothing else is left to be closed
    bool more = false;                  ///< more may be due from there on
};

/// Of the subscription's periods that begin on or after `from` (and bill_from) and are over, with their
/// grace: those neither finalised nor set aside. Looks at 120 periods and answers 12 at most, so that a long
/// history is done in slices; asks the store once, and not at all when nothing is over. Refuses as the
/// calendar and storage, and UnknownPlan.
Result<DuePeriods> duePeriods(const Invoicing& invoicing, const Subscription& subscription, LocalDate from);

/// Answers the finalised invoice, or nothing when it was finalised meanwhile; if the period was set aside, it
/// no longer is. Refuses as finaliseInvoice.
Result<std::optional<Invoice>> closePeriod(const Invoicing& invoicing, const Subscription& subscription,
                                           const BillingPeriod& period, std::string_view actor);

} // namespace billing
