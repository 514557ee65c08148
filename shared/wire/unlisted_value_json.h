// A value of a dimension that was metered though no price names it. Values only, any thread.
#pragma once

#include "shared/kernel/instant.h"
#include "shared/model/ids.h"

#include <string>

namespace billing::wire {

struct UnlistedValue
{
    TenantId tenant;
    MeterCode meter;
    std::string dimension; ///< empty: there were more values than are noted
    std::string value;
    std::string hint; ///< the value that was probably meant; empty when none is near
    Instant firstAt;
};

/// {"tenant_id","meter","dimension","value","hint"?,"first_at"}, or {"tenant_id","meter","more":true,
/// "first_at"} where there were more values than are noted.
std::string encodeUnlistedValue(const UnlistedValue& unlisted);

} // namespace billing::wire
