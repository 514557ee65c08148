#include "server/rating/late_usage.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace billing {

namespace {

/// Charge in plan order, dimension key, start of the step.
using LineKey = std::tuple<std::size_t, std::string, Decimal>;
using UnbilledKey = std::tuple<MeterCode, std::string, UnbilledReason>;

LineKey keyOf(const PlanVersion& plan, const RatedLine& line)
{
    const auto charge = std::find_if(plan.charges.begin(), plan.charges.end(), [&](const Charge& candidate) {
        return candidate.code == line.chargeCode;
    });
    return {static_cast<std::size_t>(charge - plan.charges.begin()), line.dimensionKey, line.stepFrom};
}

Result<void> add(RatedLine& to, const RatedLine& line)
{
    const auto quantity = to.quantity.plus(line.quantity);
    if (!quantity)
        return quantity.error();
    const auto amount = to.amount.plus(line.amount);
    if (!amount)
        return amount.error();
    to.quantity = *quantity;
    to.amount = *amount;
    return {};
}

Result<void> add(UnbilledUsage& to, const UnbilledUsage& usage)
{
    const auto quantity = to.quantity.plus(usage.quantity);
    if (!quantity)
        return quantity.error();
    to.quantity = *quantity;
    return {};
}

Result<RatedLine> negated(RatedLine line)
{
    const auto amount = line.amount.negated();
    if (!amount)
        return amount.error();
    line.quantity = line.quantity.negated();
    line.amount = *amount;
    return line;
}

Result<UnbilledUsage> negated(UnbilledUsage usage)
{
    usage.quantity = usage.quantity.negated();
    return usage;
}

template <class Key, class Item>
Result<void> addStep(std::map<Key, Item>& steps, Key key, const Item& item)
{
    const auto [place, isNew] = steps.try_emplace(std::move(key), item);
    return isNew ? Result<void>() : add(place->second, item);
}

/// Both ratings laid over each other, step by step.
struct Difference
{
    std::map<LineKey, RatedLine> lines = {};
    std::map<UnbilledKey, UnbilledUsage> unbilled = {};
};

Result<void> addRating(Difference& difference, const PlanVersion& plan, const RatedPeriod& rated)
{
    for (const RatedLine& line : rated.lines)
        if (const auto done = addStep(difference.lines, keyOf(plan, line), line); !done)
            return done.error();
    for (const UnbilledUsage& usage : rated.unbilled) {
        const UnbilledKey key{usage.meter, usage.dimensionKey, usage.reason};
        if (const auto done = addStep(difference.unbilled, key, usage); !done)
            return done.error();
    }
    return {};
}

Result<RatedPeriod> negated(const RatedPeriod& rated)
{
    RatedPeriod result;
    for (const RatedLine& line : rated.lines) {
        auto opposite = negated(line);
        if (!opposite)
            return opposite.error();
        result.lines.push_back(std::move(*opposite));
    }
    for (const UnbilledUsage& usage : rated.unbilled)
        result.unbilled.push_back(*negated(usage));
    return result;
}

} // namespace

Result<RatedPeriod> rateLateUsage(const PlanVersion& plan, std::span<const Meter> meters, Currency currency,
                                  const LateUsage& usage)
{
    std::vector<UsageTotal> all(usage.billed.begin(), usage.billed.end());
    all.insert(all.end(), usage.late.begin(), usage.late.end());
    const auto with = ratePeriod(plan, meters, currency, all);
    if (!with)
        return with.error();
    const auto without = ratePeriod(plan, meters, currency, usage.billed).and_then([](const RatedPeriod& r) {
        return negated(r);
    });
    if (!without)
        return without.error();

    Difference difference;
    if (const auto done = addRating(difference, plan, *with); !done)
        return done.error();
    if (const auto done = addRating(difference, plan, *without); !done)
        return done.error();

    RatedPeriod changed;
    for (const auto& [key, line] : difference.lines)
        if (!line.quantity.isZero() || !line.amount.isZero())
            changed.lines.push_back(line);
    for (const auto& [key, left] : difference.unbilled)
        if (!left.quantity.isZero())
            changed.unbilled.push_back(left);
    return changed;
}

} // namespace billing
