// Who has which plan since when. The plan version, zone and currency are fixed at the start, so that a period
// already begun is billed by the rules it began with.
#pragma once

#include "shared/kernel/currency.h"
#include "shared/kernel/instant.h"
#include "shared/kernel/local_date.h"
#include "shared/model/ids.h"

#include <optional>
#include <string>

namespace billing {

struct Subscription
{
    SubscriptionId id;
    TenantId tenant;
    PlanCode plan;
    int planVersion = 1;
    Currency currency;
    std::string timeZone; ///< IANA name, the tenant's at the start
    LocalDate startsOn;   ///< first day; its day of month is the anchor of every period
    LocalDate billFrom;   ///< periods that start before are billed only by an explicit request
    std::optional<LocalDate> endsOn = {}; ///< first day without it
    Instant createdAt = Instant::fromMicros(0);

    friend bool operator==(const Subscription&, const Subscription&) = default;
};

} // namespace billing
