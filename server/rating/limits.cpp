#include "server/rating/limits.h"

namespace billing {

namespace {

Result<Decimal> usedOf(const MeterCode& meter, std::span<const UsageTotal> totals)
{
    Decimal used;
    for (const UsageTotal& total : totals) {
        if (total.meter != meter)
            continue;
        const auto more = used.plus(total.quantity);
        if (!more)
            return more.error();
        used = *more;
    }
    return used;
}

} // namespace

std::string_view wireName(LimitState state)
{
    switch (state) {
    case LimitState::Ok:
        return "ok";
    case LimitState::Near:
        return "near";
    case LimitState::Exceeded:
        return "exceeded";
    }
    BILLING_ASSERT(false);
}

LimitState limitState(const Decimal& included, const Decimal& used, LimitPolicy policy)
{
    if (used > included)
        return policy == LimitPolicy::Hard ? LimitState::Exceeded : LimitState::Near;
    if (used.isZero())
        return LimitState::Ok;
    // used >= 80 % of included, as five times what is left: exact, and a product that overflows is far from
    // near.
    const auto left = included.minus(used);
    const auto fiveTimes = left ? left->times(Decimal::fromInteger(5)) : left;
    return fiveTimes && *fiveTimes <= included ? LimitState::Near : LimitState::Ok;
}

Result<std::vector<LimitStanding>> limitsOf(const PlanVersion& plan, std::span<const Meter> meters,
                                            std::span<const UsageTotal> totals)
{
    std::vector<LimitStanding> standings;
    for (const Charge& charge : plan.charges) {
        if (charge.model == ChargeModel::Flat || !charge.included || charge.unlimited)
            continue;
        const Meter* meter = charge.meter ? findMeter(meters, *charge.meter) : nullptr;
        if (!meter)
            return Error{ErrorCode::InvalidCatalog, charge.code, "its meter does not exist"};
        const auto used = usedOf(meter->code, totals);
        if (!used)
            return used.error();
        standings.push_back({charge.code, meter->code, meter->metricType, *charge.included, *used,
                             charge.limit, limitState(*charge.included, *used, charge.limit)});
    }
    return standings;
}

} // namespace billing
