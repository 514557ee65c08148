// What a period costs: usage totals and a plan version in, printed lines out. Pure, any thread; the same
// input gives the same lines, in the plan's charge order, then by dimension key, then by step.
//
// A flat charge is one line. A metered charge prints nothing when nothing was used; otherwise one line per
// dimension key and step: what is included (price 0, so that the customer sees what was free), then what lies
// above. The allowance is for the charge's whole quantity and is drawn down in the order of the keys; steps
// are (from, upTo]. Above a hard limit, and where a matrix has no cell, usage is not charged but listed as
// unbilled, as is usage of meters the plan has no charge for. Each line is rounded once, half away from zero.
#pragma once

#include "shared/kernel/currency.h"
#include "shared/model/plan.h"
#include "shared/model/rated_line.h"
#include "shared/model/usage_total.h"

#include <span>

namespace billing {

/// Totals may come in any order and name a key more than once. Refuses, in order: PriceNotInCurrency
/// (subject: the charge), InvalidCatalog (a charge's meter is missing), NegativeQuantity, InvalidValue (a
/// dimension key that is none), AmountOverflow.
Result<RatedPeriod> ratePeriod(const PlanVersion& plan, std::span<const Meter> meters, Currency currency,
                               std::span<const UsageTotal> totals);

} // namespace billing
