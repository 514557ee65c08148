#include "shared/wire/tenant_json.h"

#include "shared/wire/form.h"
#include "shared/wire/json_write.h"

namespace billing::wire {

namespace {

std::string readCountry(ObjectReader& reader)
{
    std::string country = reader.requiredString("country");
    const auto isCapital = [](char c) { return c >= 'A' && c <= 'Z'; };
    if (country.size() != 2 || !std::all_of(country.begin(), country.end(), isCapital))
        reader.refuse(ErrorCode::InvalidCountry, "country", "expected two capital letters (ISO 3166-1)");
    return country;
}

TaxCategory readTaxCategory(ObjectReader& reader)
{
    const auto category =
        parseTaxCategory(reader.optionalString("tax_category", wireName(TaxCategory::Standard)));
    if (category)
        return *category;
    reader.refuse(category.error().code, "tax_category", "expected S, Z, E, AE, G or O");
    return TaxCategory::Standard;
}

Address readAddress(ObjectReader& parent)
{
    const JsonValue* value = parent.optionalObject("address");
    if (!value)
        return {};
    ObjectReader reader(*value, "address");
    Address address;
    address.line1 = readText(reader, "line1", Presence::Optional);
    address.line2 = readText(reader, "line2", Presence::Optional);
    address.city = readText(reader, "city", Presence::Optional);
    address.region = readText(reader, "region", Presence::Optional);
    address.postalCode = readText(reader, "postal_code", Presence::Optional);
    if (auto finished = reader.finish(); !finished)
        parent.refuse(finished.error().code, finished.error().subject, finished.error().detail);
    return address;
}

Tenant readTenant(ObjectReader& reader)
{
    return Tenant{.id = readTenantId(reader),
                  .legalName = readText(reader, "legal_name", Presence::Required),
                  .country = readCountry(reader),
                  .currency = readCurrency(reader),
                  .timeZone = readText(reader, "time_zone", Presence::Required),
                  .locale = readText(reader, "locale", Presence::Required),
                  .address = readAddress(reader),
                  .taxIds = readTexts(reader, "tax_ids"),
                  .taxCategory = readTaxCategory(reader),
                  .email = readText(reader, "email", Presence::Optional)};
}

std::optional<Tier> readTier(ObjectReader& reader)
{
    const std::string text = reader.optionalString("tier");
    const auto tier = text.empty() ? Result<Tier>(Tier::Zero) : parseTier(text);
    if (!tier)
        reader.refuse(tier.error().code, "tier");
    return text.empty() || !tier ? std::nullopt : std::optional(*tier);
}

OrderedJson requestOf(const Tenant& tenant)
{
    return {{"tenant_id", tenant.id.text()},
            {"legal_name", tenant.legalName},
            {"country", tenant.country},
            {"currency", tenant.currency.code()},
            {"time_zone", tenant.timeZone},
            {"locale", tenant.locale},
            {"address",
             {{"line1", tenant.address.line1},
              {"line2", tenant.address.line2},
              {"city", tenant.address.city},
              {"region", tenant.address.region},
              {"postal_code", tenant.address.postalCode}}},
            {"tax_ids", tenant.taxIds},
            {"tax_category", wireName(tenant.taxCategory)},
            {"email", tenant.email}};
}

} // namespace

Result<Tenant> decodeTenantRequest(std::string_view body)
{
    const auto document = JsonDocument::parse(body);
    if (!document)
        return document.error();
    ObjectReader reader(document->root());
    Tenant tenant = readTenant(reader);
    if (auto finished = reader.finish(); !finished)
        return finished.error();
    return tenant;
}

std::string encodeTenantRequest(const Tenant& tenant)
{
    return dump(requestOf(tenant));
}

namespace {

/// Members of a patch that a request does not have, at any level: a null would take them away unseen.
Result<void> checkMembers(const JsonValue& patch, const OrderedJson& known, const std::string& path)
{
    for (const JsonValue::Member& member : patch.members()) {
        const std::string name = path + member.name;
        const auto found = known.find(member.name);
        if (found == known.end())
            return Error{ErrorCode::UnknownField, name};
        if (member.value.kind() != JsonKind::Object)
            continue;
        if (!found->is_object())
            return Error{ErrorCode::WrongType, name, "expected no object"};
        if (const auto checked = checkMembers(member.value, *found, name + "."); !checked)
            return checked;
    }
    return {};
}

} // namespace

Result<PatchedTenant> patchTenant(const Tenant& tenant, std::string_view patch)
{
    const auto document = JsonDocument::parse(patch);
    if (!document)
        return document.error();
    if (document->root().kind() != JsonKind::Object)
        return Error{ErrorCode::WrongType, "body", "expected an object"};
    OrderedJson merged = requestOf(tenant);
    if (const auto checked = checkMembers(document->root(), merged, {}); !checked)
        return checked.error();
    const OrderedJson read = OrderedJson::parse(patch, nullptr, false);
    if (read.is_discarded())
        return Error{ErrorCode::MalformedJson, "body"};
    merged.merge_patch(read);
    auto patched = decodeTenantRequest(dump(merged));
    if (!patched)
        return patched.error();
    if (patched->id != tenant.id)
        return Error{ErrorCode::InvalidValue, "tenant_id", "cannot be changed"};
    patched->createdAt = tenant.createdAt;
    return PatchedTenant{std::move(*patched), !merged.contains("tax_category")};
}

std::vector<std::string> changedMembers(const Tenant& one, const Tenant& other)
{
    const OrderedJson before = requestOf(one).flatten();
    const OrderedJson after = requestOf(other).flatten();
    std::vector<std::string> names;
    const auto add = [&](const OrderedJson& from, const OrderedJson& to) {
        for (const auto& [pointer, value] : from.items()) {
            std::string name = pointer.substr(1);
            if (name.starts_with("tax_ids"))
                name = "tax_ids"; // not which one
            std::replace(name.begin(), name.end(), '/', '.');
            if ((!to.contains(pointer) || to.at(pointer) != value) &&
                std::find(names.begin(), names.end(), name) == names.end())
                names.push_back(std::move(name));
        }
    };
    add(before, after);
    add(after, before);
    return names;
}

std::string encodeTenant(const Tenant& tenant)
{
    OrderedJson json = requestOf(tenant);
    json["created_at"] = tenant.createdAt.toText();
    return dump(json);
}

Result<Tenant> decodeTenant(std::string_view text)
{
    const auto document = JsonDocument::parse(text);
    if (!document)
        return document.error();
    ObjectReader reader(document->root());
    Tenant tenant = readTenant(reader);
    tenant.createdAt = reader.requiredInstant("created_at");
    if (auto finished = reader.finish(); !finished)
        return finished.error();
    return tenant;
}

std::string encodeShownTenant(const ShownTenant& shown)
{
    OrderedJson json = requestOf(shown.tenant);
    json["created_at"] = shown.tenant.createdAt.toText();
    json["tier"] = nullptr;
    if (shown.tier)
        json["tier"] = wireName(*shown.tier);
    return dump(json);
}

Result<ShownTenant> decodeShownTenant(const JsonValue& value, const std::string& path)
{
    ObjectReader reader(value, path);
    ShownTenant shown{readTenant(reader)};
    shown.tenant.createdAt = reader.requiredInstant("created_at");
    shown.tier = readTier(reader);
    if (auto finished = reader.finish(); !finished && finished.error().code != ErrorCode::UnknownField)
        return finished.error();
    return shown;
}

Result<ShownTenant> decodeShownTenant(std::string_view text)
{
    const auto document = JsonDocument::parse(text);
    return document ? decodeShownTenant(document->root(), {}) : document.error();
}

} // namespace billing::wire
