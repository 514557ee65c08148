// A tenant's standing: what is left of its limits, which the kernel acts on. Values only, any thread. Source:
// DESIGN decision 14 and section 4.
#pragma once

#include "shared/kernel/decimal.h"
#include "shared/kernel/instant.h"
#include "shared/model/ids.h"
#include "shared/model/plan.h"

#include <string>
#include <string_view>
#include <vector>

namespace billing::wire {

enum class LimitState
{
    Ok,
    Near,
    Exceeded
};

std::string_view wireName(LimitState state);                   ///< "ok", "near", "exceeded"
Result<LimitState> parseLimitState(std::string_view wireName); ///< refuses InvalidValue

struct LimitStanding
{
    std::string metricType;
    std::string charge; ///< the plan's charge code
    Decimal included;
    Decimal used;
    LimitState state = LimitState::Ok;
    LimitPolicy policy =
        LimitPolicy::None; ///< "none": more is billed; "hard": more is to be refused by the kernel

    friend bool operator==(const LimitStanding&, const LimitStanding&) = default;
};

struct Standing
{
    TenantId tenant;
    Instant asOf;
    std::vector<LimitStanding> limits = {};

    friend bool operator==(const Standing&, const Standing&) = default;
};

/// {"tenant_id","as_of","limits":[{"metric_type","charge","included","used","state","policy"}]}
std::string encodeStanding(const Standing& standing);
/// Refuses what JsonDocument::parse refuses, MissingField, WrongType, InvalidTenantId, InvalidTimestamp,
/// InvalidDecimal, InvalidValue, UnknownField.
Result<Standing> decodeStanding(std::string_view text);

} // namespace billing::wire
