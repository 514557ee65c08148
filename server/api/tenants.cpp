// POST /tenants, GET /tenants, GET /tenants/{id}. A token bound to a tenant may not make tenants:
// InsufficientScope.
#include "server/api/endpoints.h"
#include "server/api/error_status.h"
#include "server/invoicing/default_tax_category.h"
#include "server/tenants/create_tenant.h"
#include "shared/wire/json_reader.h"
#include "shared/wire/list_json.h"
#include "shared/wire/tenant_json.h"

#include <charconv>

namespace billing::api {

Result<std::int64_t> limitOf(const Call& call)
{
    constexpr std::int64_t usual = 50;
    constexpr std::int64_t most = 200;
    const auto text = call.parameter("limit");
    if (!text)
        return usual;
    std::int64_t limit = 0;
    const auto [end, problem] = std::from_chars(text->data(), text->data() + text->size(), limit);
    if (problem != std::errc() || end != text->data() + text->size() || limit < 1 || limit > most)
        return Error{ErrorCode::InvalidValue, "limit", "expected 1 to 200"};
    return limit;
}

Result<std::string> searchTextOf(const Call& call)
{
    constexpr std::size_t most = 200;
    const std::string text = call.parameter("text").value_or("");
    const auto isControl = [](char c) { return static_cast<unsigned char>(c) < 32 || c == 127; };
    if (text.size() > most || std::any_of(text.begin(), text.end(), isControl))
        return Error{ErrorCode::InvalidValue, "text",
                     "expected at most 200 bytes without control characters"};
    return text;
}

Result<Tenant> tenantOfPath(const Services& services, const Call& call)
{
    const Error absent{ErrorCode::NotFound, "tenant_id"};
    const auto id = parseTenantId(call.path.front());
    if (!id || !call.maySee(*id))
        return absent;
    const auto tenant = readValue(services.invoicing.storage, Scope::tenant(*id),
                                  [&](Work& work) { return services.invoicing.tenants.find(work, *id); });
    if (!tenant)
        return tenant.error();
    return tenant->has_value() ? Result<Tenant>(**tenant) : absent;
}

namespace {

/// Whether the category was said or is ours to choose. The body has been decoded before.
bool namesTaxCategory(std::string_view body)
{
    const auto document = wire::JsonDocument::parse(body);
    return document && wire::ObjectReader(document->root()).has("tax_category");
}

} // namespace

Result<http::Response> postTenant(const Services& services, const Call& call)
{
    const auto allowed = call.onlyParameters({}).and_then([&] { return call.requireJson(); });
    if (!allowed)
        return allowed.error();
    if (call.principal.tenant)
        return Error{ErrorCode::InsufficientScope, "tenant", "the token is bound to one tenant"};
    auto tenant = wire::decodeTenantRequest(call.request.body);
    if (!tenant)
        return tenant.error();
    const Invoicing& invoicing = services.invoicing;
    if (!namesTaxCategory(call.request.body))
        tenant->taxCategory = defaultTaxCategory(invoicing.issuer, *tenant, invoicing.clock.now());
    const auto respond = [](const Tenant& created) { return json(201, wire::encodeTenant(created)); };
    const auto created =
        createTenant({invoicing.storage, invoicing.clock, invoicing.ids, invoicing.tenants}, *tenant,
                     call.principal.subject, services.idempotency.keeping<Tenant>(call, respond));
    return created ? Result<http::Response>(respond(*created)) : created.error();
}

Result<http::Response> getTenant(const Services& services, const Call& call)
{
    const auto tenant = call.onlyParameters({}).and_then([&] { return tenantOfPath(services, call); });
    return tenant ? Result<http::Response>(json(200, wire::encodeTenant(*tenant))) : tenant.error();
}

namespace {

Result<std::vector<Tenant>> listTenants(const Services& services, const Call& call, std::int64_t limit)
{
    if (call.principal.tenant) { // a bound token's list is itself
        const TenantId own = *call.principal.tenant;
        const auto tenant = readValue(services.invoicing.storage, Scope::tenant(own),
                                      [&](Work& work) { return services.invoicing.tenants.find(work, own); });
        if (!tenant)
            return tenant.error();
        return tenant->has_value() ? std::vector<Tenant>{**tenant} : std::vector<Tenant>{};
    }
    std::optional<TenantId> after;
    if (const auto cursor = call.parameter("cursor")) {
        const auto key = services.cursors.read("tenants", *cursor);
        if (!key)
            return key.error();
        after = TenantId(key->front());
    }
    const auto text = searchTextOf(call);
    if (!text)
        return text.error();
    const TenantRecords& tenants = services.invoicing.tenants;
    return readValue(services.invoicing.storage, Scope::allTenants("list_tenants"), [&](Work& work) {
        return text->empty() ? tenants.list(work, after, static_cast<int>(limit))
                             : tenants.search(work, *text, after, static_cast<int>(limit));
    });
}

} // namespace

Result<http::Response> getTenants(const Services& services, const Call& call)
{
    const auto limit =
        call.onlyParameters({"text", "limit", "cursor"}).and_then([&] { return limitOf(call); });
    if (!limit)
        return limit.error();
    const auto tenants = listTenants(services, call, *limit);
    if (!tenants)
        return tenants.error();
    std::vector<std::string> items;
    for (const Tenant& tenant : *tenants)
        items.push_back(wire::encodeTenant(tenant));
    const bool full = items.size() == static_cast<std::size_t>(*limit);
    const std::string next =
        full ? services.cursors.write("tenants", {tenants->back().id.text()}) : std::string();
    return json(200, wire::encodeList("tenants", items, next));
}

} // namespace billing::api
