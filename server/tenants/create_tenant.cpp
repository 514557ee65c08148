#include "server/tenants/create_tenant.h"

#include "server/audit/append_entry.h"
#include "shared/calendar/time_zone.h"
#include "shared/model/card_data.h"

#include <algorithm>

namespace billing {

namespace {

bool isCapitalPair(std::string_view text)
{
    return text.size() == 2 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

/// language, then optional script and region, as RFC 5646 writes them: "en", "en-US", "zh-Hans-CN".
bool isLocale(std::string_view text)
{
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    const std::string_view language = text.substr(0, text.find('-'));
    if (language.size() < 2 || language.size() > 3 || !std::all_of(language.begin(), language.end(), letter))
        return false;
    std::string_view rest = text.substr(language.size());
    while (!rest.empty()) {
        rest.remove_prefix(1);
        const std::string_view part = rest.substr(0, rest.find('-'));
        const bool script = part.size() == 4 && std::all_of(part.begin(), part.end(), letter);
        if (!script && !isCapitalPair(part))
            return false;
        rest.remove_prefix(part.size());
    }
    return true;
}

Result<void> refuseCardNumbers(const Tenant& tenant)
{
    const Address& address = tenant.address;
    const std::pair<std::string_view, const std::string*> texts[] = {
        {"legal_name", &tenant.legalName},
        {"address.line1", &address.line1},
        {"address.line2", &address.line2},
        {"address.city", &address.city},
        {"address.region", &address.region},
        {"address.postal_code", &address.postalCode},
        {"email", &tenant.email},
    };
    for (const auto& [field, text] : texts) {
        const auto checked = refuseCardNumber(field, *text);
        if (!checked)
            return checked;
    }
    return {};
}

Result<void> check(const Tenant& tenant)
{
    if (tenant.legalName.empty())
        return Error{ErrorCode::MissingField, "legal_name"};
    if (!isCapitalPair(tenant.country))
        return Error{ErrorCode::InvalidCountry, "country", "expected ISO 3166-1 alpha-2"};
    const auto zone = TimeZone::find(tenant.timeZone);
    if (!zone)
        return Error{ErrorCode::UnknownTimeZone, "time_zone", "not in the IANA database"};
    if (!isLocale(tenant.locale))
        return Error{ErrorCode::InvalidLocale, "locale", "expected a BCP 47 tag such as en-US"};
    return refuseCardNumbers(tenant);
}

} // namespace

Result<Tenant> createTenant(TenantPorts ports, const Tenant& tenant, std::string_view actor,
                            const AlsoWrite<Tenant>& also)
{
    const auto checked = check(tenant);
    if (!checked)
        return checked.error();
    Tenant stored = tenant;
    stored.createdAt = ports.clock.now();
    return writeValue(ports.storage, Scope::tenant(tenant.id), Priority::Money, WorkId(ports.ids.next("wrk")),
                      [&](Work& work) -> Result<Tenant> {
                          const auto inserted = ports.records.insert(work, stored);
                          if (!inserted)
                              return inserted.error();
                          const auto noted = audit::appendEntry(
                              work,
                              {stored.id, std::string(actor), "create", "tenant:" + stored.id.text(),
                               R"({"currency":")" + std::string(stored.currency.code()) + R"("})"},
                              stored.createdAt);
                          if (!noted)
                              return noted.error();
                          return alsoWriting<Tenant>(work, stored, also);
                      });
}

} // namespace billing
