// What rating makes of usage and a plan: one line per (charge, dimension key, tier step), rounded once, and
// what stayed without a price. Lines are in the plan's charge order, then by dimension key, then by step.
#pragma once

#include "shared/kernel/money.h"
#include "shared/model/ids.h"

#include <optional>
#include <string>
#include <vector>

namespace billing {

enum class LineKind
{
    Fee,
    Usage
};

struct RatedLine
{
    LineKind kind = LineKind::Fee;
    std::string chargeCode;
    std::string description; ///< "LLM tokens, gpt4, input"
    std::optional<MeterCode> meter = {};
    std::string dimensionKey = {};
    std::string unit = {}; ///< "tokens"
    Decimal quantity;      ///< of this step
    Decimal unitPrice;     ///< major units per unitDivisor
    Decimal unitDivisor = Decimal::fromInteger(1);
    Decimal stepFrom = {};                ///< the step is (stepFrom, stepUpTo] of the period's quantity
    std::optional<Decimal> stepUpTo = {}; ///< absent: without end
    Money amount;

    friend bool operator==(const RatedLine&, const RatedLine&) = default;
};

enum class UnbilledReason
{
    OverLimit,
    NoPrice
};

struct UnbilledUsage
{
    MeterCode meter;
    std::string dimensionKey;
    Decimal quantity;
    UnbilledReason reason = UnbilledReason::NoPrice;

    friend bool operator==(const UnbilledUsage&, const UnbilledUsage&) = default;
};

struct RatedPeriod
{
    std::vector<RatedLine> lines = {};
    std::vector<UnbilledUsage> unbilled = {};

    friend bool operator==(const RatedPeriod&, const RatedPeriod&) = default;
};

} // namespace billing
