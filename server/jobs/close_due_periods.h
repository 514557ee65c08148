// The clockwork's billing run: every subscription's periods that are over, with their grace, become finalised
// invoices. One transaction each, so that a crash costs nothing but the rest of the run, which the next one
// does.
#pragma once

#include "server/invoicing/invoicing.h"

#include <functional>

namespace billing {

struct ClosingReport
{
    std::int64_t closed = 0;
    std::int64_t failed = 0; ///< told one by one; tried again at the next run
    bool mustWait = false;   ///< usage still waits to be settled: the run stopped early
};

/// Runs over all tenants. Refuses as storage.
Result<ClosingReport> closeDuePeriods(const Invoicing& invoicing,
                                      const std::function<void(const SubscriptionId&, const Error&)>& failed);

} // namespace billing
