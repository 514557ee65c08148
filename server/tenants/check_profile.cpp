#include "server/tenants/check_profile.h"

#include "shared/calendar/time_zone.h"
#include "shared/model/card_data.h"
#include "shared/model/country.h"
#include "shared/model/email.h"
#include "shared/model/tax_id.h"
#include "shared/model/text_rules.h"

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

struct NamedText
{
    std::string_view field;
    std::string* text;
};

/// What people write and customers read.
std::vector<NamedText> textsOf(Tenant& tenant)
{
    Address& address = tenant.address;
    return {{"legal_name", &tenant.legalName},
            {"address.line1", &address.line1},
            {"address.line2", &address.line2},
            {"address.city", &address.city},
            {"address.region", &address.region},
            {"address.postal_code", &address.postalCode},
            {"email", &tenant.email}};
}

Result<void> checkTexts(const std::vector<NamedText>& texts)
{
    for (const NamedText& text : texts)
        if (const auto checked = checkText(text.field, *text.text); !checked)
            return checked;
    return {};
}

Result<void> refuseCardNumbers(const std::vector<NamedText>& texts)
{
    for (const NamedText& text : texts)
        if (const auto checked = refuseCardNumber(text.field, *text.text); !checked)
            return checked;
    return {};
}

Result<void> checkPlace(Tenant& tenant)
{
    auto country = parseCountry("country", tenant.country);
    if (!country)
        return country.error();
    tenant.country = std::move(*country);
    if (!TimeZone::find(tenant.timeZone))
        return Error{ErrorCode::UnknownTimeZone, "time_zone", "not in the IANA database"};
    if (!isLocale(tenant.locale))
        return Error{ErrorCode::InvalidLocale, "locale", "expected a BCP 47 tag such as en-US"};
    return {};
}

} // namespace

Result<Tenant> checkedProfile(Tenant tenant)
{
    const std::vector<NamedText> texts = textsOf(tenant);
    for (const NamedText& text : texts)
        *text.text = std::string(withoutOuterSpaces(*text.text));
    if (tenant.legalName.empty())
        return Error{ErrorCode::MissingField, "legal_name"};
    const auto checked =
        checkName("legal_name", tenant.legalName)
            .and_then([&] { return checkPlace(tenant); })
            .and_then([&] { return checkTexts(texts); })
            .and_then([&] { return refuseCardNumbers(texts); })
            .and_then(
                [&] { return tenant.email.empty() ? Result<void>() : checkEmail("email", tenant.email); });
    if (!checked)
        return checked.error();
    auto taxIds = parseTaxIds("tax_ids", tenant.taxIds, tenant.country);
    if (!taxIds)
        return taxIds.error();
    tenant.taxIds = std::move(*taxIds);
    return tenant;
}

} // namespace billing
