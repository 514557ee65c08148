// Tenants on the wire. A request has no created_at: the server sets it. Only the form is judged here; whether
// a zone, a country or a locale exists is the tenants room's business. Values only, any thread. Source:
// DESIGN section 4.
#pragma once

#include "shared/model/tenant.h"
#include "shared/wire/json_reader.h"

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

/// The answer: the request's members and created_at.
std::string encodeTenant(const Tenant& tenant);
Result<Tenant> decodeTenant(std::string_view text);
/// The same from a row of a list; path names it in refusals ("tenants[3]"). Members we do not know are let
/// be.
Result<Tenant> decodeTenant(const JsonValue& value, const std::string& path);

} // namespace billing::wire
