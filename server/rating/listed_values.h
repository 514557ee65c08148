// The values of dimensions that a price list names, and what follows when usage has another: its price is
// the fallback's (or none), which may be meant, or a typing error as "GPT4" for "gpt4". Built once from a
// catalogue and never changed; any thread.
#pragma once

#include "shared/model/plan.h"
#include "shared/model/rated_line.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace billing {

class ListedValues
{
public:
    /// From the price matrices of all active plan versions, and the values meters allow.
    explicit ListedValues(const Catalog& catalog);

    /// Whether some price of the meter names values for the dimension, but none this one.
    bool isUnlisted(const MeterCode& meter, std::string_view dimension, std::string_view value) const;
    /// The listed value that was probably meant, or nullptr.
    const std::string* hint(const MeterCode& meter, std::string_view dimension, std::string_view value) const;

private:
    const std::vector<std::string>* valuesOf(const MeterCode& meter, std::string_view dimension) const;

    /// By meter and dimension, sorted.
    std::map<MeterCode, std::map<std::string, std::vector<std::string>, std::less<>>> m_values;
};

/// A part of a line's dimension key that no cell of the line's charge names, though others name values for
/// it.
struct FallbackPriced
{
    std::size_t line; ///< index into the lines
    std::string chargeCode;
    MeterCode meter;
    std::string dimension;
    std::string value;
    std::string hint; ///< the value that was probably meant; empty when none is near

    friend bool operator==(const FallbackPriced&, const FallbackPriced&) = default;
};

/// What a draft warns of: which lines were priced by a fallback cell. In the order of the lines.
std::vector<FallbackPriced> pricedByFallback(const PlanVersion& plan, std::span<const RatedLine> lines);

} // namespace billing
