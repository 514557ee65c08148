#include "shared/wire/check_catalog.h"

#include "shared/kernel/money.h"
#include "shared/model/text_rules.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

namespace billing::wire {

namespace {

using CurrencySet = std::set<Currency>;

Error refused(std::string place, std::string detail)
{
    return {ErrorCode::InvalidCatalog, std::move(place), std::move(detail)};
}

// Codes end up in paths, account names and keys, so they are plain words.
bool isCode(std::string_view text)
{
    constexpr std::size_t longest = 40;
    return !text.empty() && text.size() <= longest && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    });
}

bool sortedOnce(const Dimensions& dimensions)
{
    return std::adjacent_find(dimensions.begin(), dimensions.end(), [](const auto& a, const auto& b) {
               return a.name >= b.name;
           }) == dimensions.end();
}

bool sortedOnce(const std::vector<std::string>& names)
{
    return std::adjacent_find(names.begin(), names.end(), std::greater_equal<>()) == names.end();
}

bool sortedOnce(const std::vector<AllowedValues>& all)
{
    return std::adjacent_find(all.begin(), all.end(), [](const auto& a, const auto& b) {
               return a.dimension >= b.dimension;
           }) == all.end();
}

Result<void> checkAllowed(const Meter& meter, const std::string& place)
{
    constexpr std::size_t mostValues = 1'000;
    constexpr std::size_t longestValue = 256;
    if (!sortedOnce(meter.allowed))
        return refused(place, "allowed values must be sorted by dimension, each dimension once");
    for (const AllowedValues& allowed : meter.allowed) {
        const std::string here = place + ", allowed values of " + allowed.dimension;
        if (std::find(meter.dimensions.begin(), meter.dimensions.end(), allowed.dimension) ==
            meter.dimensions.end())
            return refused(here, "the meter does not declare this dimension");
        if (allowed.values.empty() || allowed.values.size() > mostValues)
            return refused(here, "there must be 1 to 1,000");
        if (!sortedOnce(allowed.values))
            return refused(here, "must be sorted, each value once");
        for (const std::string& value : allowed.values)
            if (value.empty() || value.size() > longestValue || !checkText("value", value))
                return refused(here,
                               "a value has 1 to 256 bytes, none of them a control or invisible character");
    }
    for (const Dimension& wanted : meter.filter)
        if (!allows(meter, wanted.name, wanted.value))
            return refused(place, "its filter wants a value of '" + wanted.name + "' that is not allowed");
    return {};
}

Result<void> checkMeter(const Meter& meter)
{
    const std::string place = "meter " + meter.code.text() + " v" + std::to_string(meter.version);
    if (!isCode(meter.code.text()) || meter.version < 1)
        return refused(place, "code or version");
    if (meter.metricType.empty() || meter.name.empty() || meter.unit.empty())
        return refused(place, "metric type, name and unit must not be empty");
    if (!sortedOnce(meter.filter) || !sortedOnce(meter.dimensions))
        return refused(place, "filter and dimensions must be sorted, each name once");
    return checkAllowed(meter, place);
}

Result<void> checkPrices(const PriceByCurrency& prices, const std::string& place,
                         std::optional<CurrencySet>& currencies)
{
    CurrencySet own;
    for (const auto& [currency, price] : prices) {
        if (price.isNegative())
            return refused(place, "negative price");
        own.insert(currency);
    }
    if (!currencies)
        currencies = own;
    if (*currencies != own)
        return refused(place, "not the same currencies as the plan's other prices");
    return {};
}

bool canMatchOneKey(const MatrixPrice& a, const MatrixPrice& b)
{
    return std::all_of(a.match.begin(), a.match.end(), [&](const Dimension& wanted) {
        const std::string* value = findDimension(b.match, wanted.name);
        return !value || *value == wanted.value;
    });
}

Result<void> checkMatrix(const Charge& charge, const Meter& meter, const std::string& place)
{
    for (std::size_t at = 0; at < charge.matrix.size(); ++at) {
        const MatrixPrice& cell = charge.matrix[at];
        const std::string here = place + ", cell " + std::to_string(at + 1);
        if (cell.price.empty())
            return refused(here, "no price");
        if (!sortedOnce(cell.match))
            return refused(here, "dimensions must be sorted, each name once");
        for (const Dimension& dimension : cell.match)
            if (std::find(meter.dimensions.begin(), meter.dimensions.end(), dimension.name) ==
                meter.dimensions.end())
                return refused(here, "the meter does not declare '" + dimension.name + "'");
        for (const Dimension& dimension : cell.match)
            if (!allows(meter, dimension.name, dimension.value))
                return refused(here, "a value of '" + dimension.name + "' that the meter does not allow");
        for (std::size_t earlier = 0; earlier < at; ++earlier)
            if (charge.matrix[earlier].match.size() == cell.match.size() &&
                canMatchOneKey(charge.matrix[earlier], cell))
                return refused(here,
                               "as good a match as cell " + std::to_string(earlier + 1) + " for some key");
    }
    return {};
}

Result<void> checkFlat(const Charge& charge, const std::string& place)
{
    if (charge.meter || charge.included || charge.unlimited || charge.limit != LimitPolicy::None ||
        !charge.matrix.empty() || charge.unitDivisor != Decimal::fromInteger(1))
        return refused(place, "a flat charge has a price and nothing else");
    if (charge.price.empty())
        return refused(place, "no price");
    for (const auto& [currency, amount] : charge.price)
        if (!Money::exact(amount, currency))
            return refused(place, "an amount finer than the currency's minor unit");
    return {};
}

Result<void> checkMetered(const Charge& charge, const std::string& place, std::span<const Meter> meters)
{
    const Meter* meter = charge.meter ? findMeter(meters, *charge.meter) : nullptr;
    if (!meter)
        return refused(place, "its meter does not exist");
    if (charge.unitDivisor <= Decimal())
        return refused(place, "the unit divisor must be positive");
    if (charge.included && charge.included->isNegative())
        return refused(place, "a negative included quantity");
    const bool hard = charge.limit == LimitPolicy::Hard;
    if (charge.unlimited && (charge.included || hard))
        return refused(place, "unlimited and limited");
    if (hard && !charge.included)
        return refused(place, "a hard limit needs an included quantity");

    const bool free = charge.unlimited || hard;
    const bool isMatrix = charge.model == ChargeModel::Matrix;
    if ((isMatrix && !charge.price.empty()) || (!isMatrix && !charge.matrix.empty()))
        return refused(place, "prices of another model");
    const bool priced = isMatrix ? !charge.matrix.empty() : !charge.price.empty();
    if (priced == free)
        return refused(place, free ? "a price that can never be charged" : "no price");
    return checkMatrix(charge, *meter, place);
}

Result<void> checkPlan(const PlanVersion& plan, std::span<const Meter> meters)
{
    const std::string place = plan.code.text() + " v" + std::to_string(plan.version);
    constexpr int longestTerm = 365;
    if (!isCode(plan.code.text()) || plan.version < 1 || plan.name.empty())
        return refused(place, "code, version or name");
    if (plan.netDays < 0 || plan.netDays > longestTerm)
        return refused(place, "net days must be 0 to 365");

    std::set<std::string> codes;
    std::optional<CurrencySet> currencies;
    for (const Charge& charge : plan.charges) {
        const std::string here = place + ", charge " + charge.code;
        if (!isCode(charge.code) || charge.name.empty())
            return refused(here, "code or name");
        if (!codes.insert(charge.code).second)
            return refused(here, "the same code twice");
        const auto shape =
            charge.model == ChargeModel::Flat ? checkFlat(charge, here) : checkMetered(charge, here, meters);
        if (!shape)
            return shape.error();
        if (!charge.price.empty())
            if (const auto prices = checkPrices(charge.price, here, currencies); !prices)
                return prices.error();
        for (const MatrixPrice& cell : charge.matrix)
            if (const auto prices = checkPrices(cell.price, here, currencies); !prices)
                return prices.error();
    }
    return {};
}

} // namespace

Result<void> checkCatalog(const Catalog& catalog)
{
    std::set<std::pair<std::string, int>> known;
    for (const Meter& meter : catalog.meters) {
        if (const auto checked = checkMeter(meter); !checked)
            return checked.error();
        if (!known.emplace(meter.code.text(), meter.version).second)
            return refused("meter " + meter.code.text(), "the same version twice");
    }
    known.clear();
    for (const PlanVersion& plan : catalog.plans) {
        if (const auto checked = checkPlan(plan, catalog.meters); !checked)
            return checked.error();
        if (!known.emplace(plan.code.text(), plan.version).second)
            return refused(plan.code.text(), "the same version twice");
    }
    return {};
}

} // namespace billing::wire
