// Tenants on the wire. A request has no created_at: the server sets it. Only the form is judged here; whether
// a zone, a country or a locale exists is the tenants room's business. Values only, any thread. Source:
// DESIGN section 4.
#pragma once

#include "shared/model/tenant.h"
#include "shared/model/tier.h"
#include "shared/wire/json_reader.h"

#include <optional>
#include <string>
#include <string_view>

namespace billing::wire {

/// POST /tenants: tenant_id, legal_name, country, currency, time_zone, locale; optional address, tax_ids,
/// tax_category
/// ("S" when absent), email. createdAt is left at the epoch. Refuses what JsonDocument::parse refuses, then
/// the first of, field by field in that order: MissingField, WrongType, InvalidTenantId, ReservedTenantId,
/// TooLong, InvalidValue, InvalidCountry (not two capital letters), UnknownCurrency, TooManyItems; at last
/// UnknownField.
Result<Tenant> decodeTenantRequest(std::string_view body);
std::string encodeTenantRequest(const Tenant& tenant);

/// PATCH /tenants/{id}: a JSON merge patch (RFC 7396) over the members of a request. null takes an optional
/// member away, and with tax_category asks for the one that would be chosen. Refuses as JsonDocument::parse,
/// WrongType (no object), UnknownField (also one that is null), InvalidValue (another tenant_id), then as
/// decodeTenantRequest of the result.
struct PatchedTenant
{
    Tenant tenant;
    bool asksForTaxCategory = false;
};
Result<PatchedTenant> patchTenant(const Tenant& tenant, std::string_view patch);
/// Names of the members in which two differ, those of the address one by one ("address.city").
std::vector<std::string> changedMembers(const Tenant& one, const Tenant& other);

/// The form it is kept in: the request's members and created_at.
std::string encodeTenant(const Tenant& tenant);
Result<Tenant> decodeTenant(std::string_view text);

/// A tenant as the API answers it: tier is that of the plan it is subscribed to now.
struct ShownTenant
{
    Tenant tenant;
    std::optional<Tier> tier = {};

    friend bool operator==(const ShownTenant&, const ShownTenant&) = default;
};

/// The members of encodeTenant and tier, null without one. Members we do not know are let be in reading: a
/// newer server may have more to say.
std::string encodeShownTenant(const ShownTenant& shown);
Result<ShownTenant> decodeShownTenant(std::string_view text);
/// The same from a row of a list; path names it in refusals ("tenants[3]").
Result<ShownTenant> decodeShownTenant(const JsonValue& value, const std::string& path);

} // namespace billing::wire
