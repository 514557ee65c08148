#include "server/rating/listed_values.h"

#include "shared/model/nearest_value.h"

#include <algorithm>

namespace billing {

namespace {

using ByDimension = std::map<std::string, std::vector<std::string>, std::less<>>;

void addCells(std::span<const MatrixPrice> matrix, ByDimension& values)
{
    for (const MatrixPrice& cell : matrix)
        for (const Dimension& named : cell.match)
            values[named.name].push_back(named.value);
}

void sortOnce(ByDimension& all)
{
    for (auto& [dimension, values] : all) {
        std::sort(values.begin(), values.end());
        values.erase(std::unique(values.begin(), values.end()), values.end());
    }
}

bool lacks(const std::vector<std::string>& values, std::string_view value)
{
    return !std::binary_search(values.begin(), values.end(), value);
}

} // namespace

ListedValues::ListedValues(const Catalog& catalog)
{
    for (const PlanVersion& plan : catalog.plans)
        for (const Charge& charge : plan.charges)
            if (plan.activity == Activity::Active && charge.meter && !charge.matrix.empty())
                addCells(charge.matrix, m_values[*charge.meter]);
    // What is allowed was named on purpose; it makes no dimension a priced one.
    for (const Meter& meter : catalog.meters) {
        const auto priced = m_values.find(meter.code);
        if (priced == m_values.end())
            continue;
        for (const AllowedValues& allowed : meter.allowed)
            if (const auto values = priced->second.find(allowed.dimension); values != priced->second.end())
                values->second.insert(values->second.end(), allowed.values.begin(), allowed.values.end());
    }
    for (auto& [meter, values] : m_values)
        sortOnce(values);
}

const std::vector<std::string>* ListedValues::valuesOf(const MeterCode& meter,
                                                       std::string_view dimension) const
{
    const auto ofMeter = m_values.find(meter);
    if (ofMeter == m_values.end())
        return nullptr;
    const auto found = ofMeter->second.find(dimension);
    return found == ofMeter->second.end() ? nullptr : &found->second;
}

bool ListedValues::isUnlisted(const MeterCode& meter, std::string_view dimension,
                              std::string_view value) const
{
    const auto* values = valuesOf(meter, dimension);
    return values && lacks(*values, value);
}

const std::string* ListedValues::hint(const MeterCode& meter, std::string_view dimension,
                                      std::string_view value) const
{
    const auto* values = valuesOf(meter, dimension);
    return values ? nearestValue(*values, value) : nullptr;
}

std::vector<FallbackPriced> pricedByFallback(const PlanVersion& plan, std::span<const RatedLine> lines)
{
    std::vector<FallbackPriced> all;
    std::map<std::string, ByDimension> valuesOf; // by charge
    for (std::size_t at = 0; at < lines.size(); ++at) {
        const RatedLine& line = lines[at];
        const auto charge = std::find_if(plan.charges.begin(), plan.charges.end(),
                                         [&](const Charge& one) { return one.code == line.chargeCode; });
        const auto key = parseDimensionKey(line.dimensionKey);
        if (charge == plan.charges.end() || charge->matrix.empty() || !line.meter || !key)
            continue;
        const auto [values, isNew] = valuesOf.try_emplace(charge->code);
        if (isNew) {
            addCells(charge->matrix, values->second);
            sortOnce(values->second);
        }
        for (const Dimension& used : *key) {
            const auto named = values->second.find(used.name);
            if (named == values->second.end() || !lacks(named->second, used.value))
                continue;
            const std::string* meant = nearestValue(named->second, used.value);
            all.push_back({at, line.chargeCode, *line.meter, used.name, used.value, meant ? *meant : ""});
        }
    }
    return all;
}

} // namespace billing
