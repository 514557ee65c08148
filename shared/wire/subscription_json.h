// Subscriptions on the wire. Values only, any thread. Source: DESIGN section 4.
#pragma once

#include "shared/model/subscription.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace billing::wire {

/// POST /subscriptions: {"tenant_id","plan","starts_on","bill_from"?,"confirm_periods"?}
struct SubscriptionRequest
{
    TenantId tenant;
    PlanCode plan;
    LocalDate startsOn;
    std::optional<LocalDate> billFrom = {}; ///< absent: the start of the period that holds now
    /// How many periods will be billed at once, where the sender knows.
    std::optional<std::int64_t> confirmPeriods = {};

    friend bool operator==(const SubscriptionRequest&, const SubscriptionRequest&) = default;
};

/// Refuses what JsonDocument::parse refuses, then field by field: MissingField, WrongType, InvalidTenantId,
/// ReservedTenantId, TooLong, InvalidValue (the plan's code), InvalidDate; at last UnknownField.
Result<SubscriptionRequest> decodeSubscriptionRequest(std::string_view body);
std::string encodeSubscriptionRequest(const SubscriptionRequest& request);

/// The answer; that of POST says how many periods are billed at once, as "periods_due", which decoding reads
/// over.
std::string encodeSubscription(const Subscription& subscription,
                               std::optional<std::int64_t> periodsDue = std::nullopt);
Result<Subscription> decodeSubscription(std::string_view text);

} // namespace billing::wire
