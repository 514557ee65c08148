// POST /tenants, GET /tenants, GET /tenants/{id}, PATCH /tenants/{id}. A token bound to a tenant may not make
// or change tenants: InsufficientScope. The answers that show one tenant name its state in ETag (RFC 9110,
// section 8.8.3), a strong tag of the stored profile: the tier beside it belongs to its subscription.
#include "server/api/endpoints.h"
#include "server/api/error_status.h"
#include "server/invoicing/default_tax_category.h"
#include "server/tenants/change_tenant.h"
#include "server/tenants/check_profile.h"
#include "server/tenants/create_tenant.h"
#include "server/tenants/current_tiers.h"
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

namespace {

Error absent()
{
    return {ErrorCode::NotFound, "tenant_id"};
}

/// Not one to be seen looks absent, like one that cannot be.
Result<TenantId> idOfPath(const Call& call)
{
    const auto id = parseTenantId(call.path.front());
    return id && call.maySee(*id) ? id : absent();
}

} // namespace

Result<Tenant> tenantOfPath(const Services& services, const Call& call)
{
    const auto id = idOfPath(call);
    if (!id)
        return id.error();
    const auto tenant = readValue(services.invoicing.storage, Scope::tenant(*id),
                                  [&](Work& work) { return services.invoicing.tenants.find(work, *id); });
    if (!tenant)
        return tenant.error();
    return tenant->has_value() ? Result<Tenant>(**tenant) : absent();
}

namespace {

constexpr std::string_view boundToken = "the token is bound to one tenant";

std::string tagOf(std::string_view digest)
{
    return '"' + std::string(digest) + '"';
}

/// The tags a header names, or "*" for any state. Weak ones never match (RFC 9110, section 13.1.1).
bool names(std::string_view header, std::string_view tag)
{
    while (!header.empty()) {
        std::string_view item = header.substr(0, header.find(','));
        header.remove_prefix(std::min(item.size() + 1, header.size()));
        while (item.starts_with(' ') || item.starts_with('\t'))
            item.remove_prefix(1);
        while (item.ends_with(' ') || item.ends_with('\t'))
            item.remove_suffix(1);
        if (item == tag || item == "*")
            return true;
    }
    return false;
}

/// With the category that was said and may be, or else the one that is ours to choose.
Result<Tenant> withTaxCategory(const Invoicing& invoicing, const Tenant& asked, bool isSaid)
{
    auto tenant = checkedProfile(asked);
    if (!tenant)
        return tenant;
    const Instant now = invoicing.clock.now();
    if (isSaid) {
        const auto allowed = checkTaxCategory(invoicing.issuer, *tenant, now);
        return allowed ? tenant : Result<Tenant>(allowed.error());
    }
    const auto chosen = defaultTaxCategory(invoicing.issuer, *tenant, now);
    if (!chosen)
        return chosen.error();
    tenant->taxCategory = *chosen;
    return tenant;
}

/// Whether the category was said or is ours to choose. The body has been decoded before.
bool namesTaxCategory(std::string_view body)
{
    const auto document = wire::JsonDocument::parse(body);
    return document && wire::ObjectReader(document->root()).has("tax_category");
}

/// Whether the category was ours to choose and what it depends on is another now: whoever adds a forgotten
/// VAT id does not think of it.
bool choosesAgain(const Invoicing& invoicing, const Tenant& stored, const Tenant& changed)
{
    const bool dependsOnNews = stored.country != changed.country || stored.taxIds != changed.taxIds ||
                               stored.address.region != changed.address.region;
    const auto chosen = defaultTaxCategory(invoicing.issuer, stored, invoicing.clock.now());
    return dependsOnNews && chosen && *chosen == stored.taxCategory;
}

} // namespace

Result<http::Response> postTenant(const Services& services, const Call& call)
{
    const auto allowed = call.onlyParameters({}).and_then([&] { return call.requireJson(); });
    if (!allowed)
        return allowed.error();
    if (call.principal.tenant)
        return Error{ErrorCode::InsufficientScope, "tenant", std::string(boundToken)};
    const auto asked = wire::decodeTenantRequest(call.request.body);
    if (!asked)
        return asked.error();
    const Invoicing& invoicing = services.invoicing;
    const auto tenant = withTaxCategory(invoicing, *asked, namesTaxCategory(call.request.body));
    if (!tenant)
        return tenant.error();
    const auto respond = [](const Tenant& created) { return json(201, wire::encodeShownTenant({created})); };
    const auto created =
        createTenant({invoicing.storage, invoicing.clock, invoicing.ids, invoicing.tenants}, *tenant,
                     call.principal.subject, services.idempotency.keeping<Tenant>(call, respond));
    return created ? Result<http::Response>(respond(*created)) : created.error();
}

http::Response taggedTenant(http::Response response)
{
    const auto* const body = std::get_if<std::string>(&response.body);
    const auto shown = body ? wire::decodeShownTenant(*body) : Result<wire::ShownTenant>(ErrorCode::Internal);
    if (shown)
        response.headers.emplace_back("ETag", tagOf(profileDigest(shown->tenant)));
    return response;
}

namespace {

using Shown = std::vector<wire::ShownTenant>;

Result<Shown> withTiers(const Services& services, Work& work, const std::vector<Tenant>& tenants)
{
    const Invoicing& invoicing = services.invoicing;
    const auto tiers = currentTiers(work, tenants, invoicing.catalog, invoicing.clock.now());
    if (!tiers)
        return tiers.error();
    Shown shown;
    shown.reserve(tenants.size());
    for (std::size_t at = 0; at < tenants.size(); ++at)
        shown.push_back({tenants[at], tiers->at(at)});
    return shown;
}

/// The tenant alone; none when there is no such one.
Result<Shown> showOne(const Services& services, const TenantId& id)
{
    return readValue(services.invoicing.storage, Scope::tenant(id), [&](Work& work) -> Result<Shown> {
        const auto tenant = services.invoicing.tenants.find(work, id);
        if (!tenant)
            return tenant.error();
        return tenant->has_value() ? withTiers(services, work, {**tenant}) : Shown();
    });
}

Result<Shown> listTenants(const Services& services, const Call& call, std::int64_t limit)
{
    if (call.principal.tenant) // a bound token's list is itself
        return showOne(services, *call.principal.tenant);
    std::optional<TenantId> after;
    if (const auto cursor = call.parameter("cursor")) {
        const auto key = services.cursors.read("tenants", *cursor, 1);
        if (!key)
            return key.error();
        after = TenantId(key->front());
    }
    const auto text = searchTextOf(call);
    if (!text)
        return text.error();
    const TenantRecords& records = services.invoicing.tenants;
    const Scope scope = Scope::allTenants("list_tenants");
    return readValue(services.invoicing.storage, scope, [&](Work& work) -> Result<Shown> {
        const auto tenants = text->empty() ? records.list(work, after, static_cast<int>(limit))
                                           : records.search(work, *text, after, static_cast<int>(limit));
        return tenants ? withTiers(services, work, *tenants) : tenants.error();
    });
}

} // namespace

Result<http::Response> getTenant(const Services& services, const Call& call)
{
    const auto id = call.onlyParameters({}).and_then([&] { return idOfPath(call); });
    if (!id)
        return id.error();
    const auto shown = showOne(services, *id);
    if (!shown)
        return shown.error();
    if (shown->empty())
        return absent();
    return taggedTenant(json(200, wire::encodeShownTenant(shown->front())));
}

Result<http::Response> patchTenant(const Services& services, const Call& call)
{
    const auto allowed = call.onlyParameters({}).and_then([&] { return call.requireMergePatch(); });
    if (!allowed)
        return allowed.error();
    if (call.principal.tenant)
        return Error{ErrorCode::InsufficientScope, "tenant", std::string(boundToken)};
    const auto id = idOfPath(call);
    if (!id)
        return id.error();
    const auto match = call.request.header("If-Match");
    if (!match)
        return Error{ErrorCode::PreconditionRequired, "If-Match", "expected the ETag of GET /tenants/{id}"};
    const Invoicing& invoicing = services.invoicing;
    const auto patched = [&](const Tenant& stored) -> Result<Tenant> {
        const auto asked = wire::patchTenant(stored, call.request.body);
        if (!asked)
            return asked.error();
        const bool isOurs = asked->asksForTaxCategory || (!namesTaxCategory(call.request.body) &&
                                                          choosesAgain(invoicing, stored, asked->tenant));
        return withTaxCategory(invoicing, asked->tenant, !isOurs);
    };
    std::string shown; // made in the transaction, in which an answer for an idempotency key is kept
    const auto respond = [&](const Tenant&) { return json(200, shown); };
    const AlsoWrite<Tenant> keep = services.idempotency.keeping<Tenant>(call, respond);
    const auto also = [&](Work& work, const Tenant& changed) -> Result<void> {
        const auto found = withTiers(services, work, {changed});
        if (!found)
            return found.error();
        shown = wire::encodeShownTenant(found->front());
        return keep ? keep(work, changed) : Result<void>();
    };
    const auto changed =
        changeTenant({invoicing.storage, invoicing.clock, invoicing.ids, invoicing.tenants},
                     {*id, call.principal.subject,
                      [&](std::string_view digest) { return names(*match, tagOf(digest)); }, patched, also});
    return changed ? Result<http::Response>(respond(*changed)) : changed.error();
}

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
    for (const wire::ShownTenant& shown : *tenants)
        items.push_back(wire::encodeShownTenant(shown));
    const bool full = items.size() == static_cast<std::size_t>(*limit);
    const std::string next =
        full ? services.cursors.write("tenants", {tenants->back().tenant.id.text()}) : std::string();
    return json(200, wire::encodeList("tenants", items, next));
}

} // namespace billing::api
