#include "shared/model/tier.h"

#include <array>

namespace billing {

namespace {

struct Names
{
    Tier tier;
    std::string_view wire;
    std::string_view display;
};

constexpr std::array<Names, 5> names{{{Tier::Zero, "zero", "Zero"},
                                      {Tier::Shared, "shared", "Shared"},
                                      {Tier::Lite, "lite", "Lite"},
                                      {Tier::Enterprise, "enterprise", "Enterprise"},
                                      {Tier::AirGapped, "air_gapped", "Air-gapped"}}};

const Names& of(Tier tier)
{
    return names.at(static_cast<std::size_t>(tier));
}

} // namespace

std::string_view wireName(Tier tier)
{
    return of(tier).wire;
}

std::string_view displayName(Tier tier)
{
    return of(tier).display;
}

Result<Tier> parseTier(std::string_view wireName)
{
    for (const Names& entry : names)
        if (entry.wire == wireName)
            return entry.tier;
    return Error{ErrorCode::InvalidValue, "tier"};
}

} // namespace billing
