// The use case of PATCH /tenants/{id}: puts a profile right, by whoever has seen what it changes, with its
// audit entry in one transaction, in which what was set aside for the tenant becomes due again. Invoices that
// are final keep the buyer they were frozen with; a draft is drawn anew when it is finalised, with the buyer
// of that moment.
#pragma once

#include "server/tenants/create_tenant.h"

#include <functional>

namespace billing {

/// Names this state of a profile: hex digits, another for every other state.
std::string profileDigest(const Tenant& tenant);

struct TenantChange
{
    TenantId id;
    std::string actor;
    /// Whether the caller has seen the state of this digest.
    std::function<bool(std::string_view digest)> hasSeen;
    /// The profile as it should be. May be called again, so it has no effect of its own.
    std::function<Result<Tenant>(const Tenant& stored)> change;
    AlsoWrite<Tenant> also = {};
};

/// Refuses, in order: NotFound (tenant_id), PreconditionFailed (not seen, or changed meanwhile), as change,
/// as checkedProfile, InvalidValue (currency or time_zone of a tenant that has subscriptions, whose money
/// they decide), then as also. What changes nothing is not audited. Answers the tenant as stored.
Result<Tenant> changeTenant(TenantPorts ports, const TenantChange& command);

} // namespace billing
