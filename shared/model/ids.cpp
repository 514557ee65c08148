#include "shared/model/ids.h"

#include <algorithm>
#include <array>

namespace billing {

Result<TenantId> parseTenantId(std::string_view text)
{
    constexpr std::array<std::string_view, 4> reserved{"current", "batch", "corrections", "bundles"};
    const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
    if (text.size() < 3 || text.size() > 40 || !std::all_of(text.begin(), text.end(), allowed))
        return Error{ErrorCode::InvalidTenantId, "tenant_id", "expected [a-z0-9-]{3,40}"};
    if (std::find(reserved.begin(), reserved.end(), text) != reserved.end())
        return Error{ErrorCode::ReservedTenantId, "tenant_id"};
    return TenantId(std::string(text));
}

} // namespace billing
