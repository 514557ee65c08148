// Dimensions: the name=value pairs an event carries, and the canonical key made of the ones a meter declares.
// A key is also what rollups, invoice lines and price matrices are compared by, so its text has one form
// only.
#pragma once

#include "shared/kernel/result.h"

#include <compare>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace billing {

struct Dimension
{
    std::string name;
    std::string value;

    friend auto operator<=>(const Dimension&, const Dimension&) = default;
};

/// Sorted by name, each name once.
using Dimensions = std::vector<Dimension>;

/// The value of a name, or nullptr.
const std::string* findDimension(const Dimensions& dimensions, std::string_view name);

/// "direction=input,model=gpt4": the declared names in their order, absent ones with an empty value; "%", ","
/// and "=" inside a value are percent-encoded. A meter without declared dimensions has the empty key.
std::string dimensionKey(const Dimensions& dimensions, std::span<const std::string> declared);

/// The reverse. Refuses InvalidValue for a text dimensionKey cannot have written.
Result<Dimensions> parseDimensionKey(std::string_view key);

} // namespace billing
