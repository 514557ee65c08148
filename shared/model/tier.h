// The five tiers. A plan belongs to one; a subscription's tier is its plan's.
#pragma once

#include "shared/kernel/result.h"

#include <string_view>

namespace billing {

enum class Tier
{
    Zero,
    Shared,
    Lite,
    Enterprise,
    AirGapped
};

std::string_view wireName(Tier tier);              ///< "zero", "shared", "lite", "enterprise", "air_gapped"
std::string_view displayName(Tier tier);           ///< "Zero", "Shared", "Lite", "Enterprise", "Air-gapped"
Result<Tier> parseTier(std::string_view wireName); ///< refuses InvalidValue

} // namespace billing
