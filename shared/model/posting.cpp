#include "shared/model/posting.h"

#include <algorithm>
#include <array>

namespace billing {

namespace {

constexpr std::array<std::string_view, 3> names{"receivable", "revenue", "tax_payable"};

} // namespace

std::string_view wireName(AccountKind kind)
{
    return names.at(static_cast<std::size_t>(kind));
}

Result<AccountKind> parseAccountKind(std::string_view wireName)
{
    const auto found = std::find(names.begin(), names.end(), wireName);
    if (found == names.end())
        return Error{ErrorCode::InvalidValue, "account"};
    return static_cast<AccountKind>(found - names.begin());
}

} // namespace billing
