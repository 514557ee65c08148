// How far a tenant is into what its plan includes: the answer beside current usage and the standing the
// kernel acts on. A valid event is never refused for a limit (DESIGN decision 14). Pure, any thread.
#pragma once

#include "shared/model/plan.h"
#include "shared/model/usage_total.h"

#include <span>

namespace billing {

enum class LimitState
{
    Ok,
    Near,    ///< from 80 % of the included quantity on
    Exceeded ///< over a hard limit; what is priced above the included quantity never exceeds
};

std::string_view wireName(LimitState state); ///< "ok", "near", "exceeded"

/// Exactly at a hard limit is near: the last included unit has been used, none above it.
LimitState limitState(const Decimal& included, const Decimal& used, LimitPolicy policy);

struct LimitStanding
{
    std::string chargeCode;
    MeterCode meter;
    std::string metricType;
    Decimal included;
    Decimal used;
    LimitPolicy policy = LimitPolicy::None;
    LimitState state = LimitState::Ok;

    friend bool operator==(const LimitStanding&, const LimitStanding&) = default;
};

/// One per charge with an included quantity, in plan order; unlimited charges have no limit. Refuses
/// InvalidCatalog (a charge's meter is missing), then AmountOverflow.
Result<std::vector<LimitStanding>> limitsOf(const PlanVersion& plan, std::span<const Meter> meters,
                                            std::span<const UsageTotal> totals);

} // namespace billing
