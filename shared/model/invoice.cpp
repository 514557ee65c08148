#include "shared/model/invoice.h"

#include <algorithm>
#include <array>

namespace billing {

namespace {

constexpr std::array<std::string_view, 3> names{"draft", "finalised", "void"};

} // namespace

std::string_view wireName(InvoiceStatus status)
{
    return names.at(static_cast<std::size_t>(status));
}

Result<InvoiceStatus> parseInvoiceStatus(std::string_view wireName)
{
    const auto found = std::find(names.begin(), names.end(), wireName);
    if (found == names.end())
        return Error{ErrorCode::InvalidValue, "status"};
    return static_cast<InvoiceStatus>(found - names.begin());
}

} // namespace billing
