#include "shared/model/tenant.h"

#include <algorithm>
#include <array>

namespace billing {

namespace {

constexpr std::array<std::string_view, 6> names{"S", "Z", "E", "AE", "G", "O"};

} // namespace

std::string_view wireName(TaxCategory category)
{
    return names.at(static_cast<std::size_t>(category));
}

Result<TaxCategory> parseTaxCategory(std::string_view wireName)
{
    const auto found = std::find(names.begin(), names.end(), wireName);
    if (found == names.end())
        return Error{ErrorCode::InvalidValue, "tax_category"};
    return static_cast<TaxCategory>(found - names.begin());
}

} // namespace billing
