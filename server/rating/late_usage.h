// Usage that arrived after its period was billed: it costs what the period costs with it, less what was
// billed without it, under the same plan version (DESIGN decision 4). So a late event never costs more or
// less than one in time, and two late lines never count an allowance twice. Pure, any thread.
#pragma once

#include "server/rating/rate_period.h"

namespace billing {

struct LateUsage
{
    std::span<const UsageTotal> billed; ///< what the period's invoices so far were made of
    std::span<const UsageTotal> late;
};

/// Lines as differences, in ratePeriod's order: quantities and amounts may be negative where late usage of
/// one dimension key takes allowance from another; steps that did not change, fees among them, are not
/// listed. Their amounts add up to exactly the difference of both ratings. Refuses as ratePeriod.
Result<RatedPeriod> rateLateUsage(const PlanVersion& plan, std::span<const Meter> meters, Currency currency,
                                  const LateUsage& usage);

} // namespace billing
