#include "shared/wire/form.h"

namespace billing::wire {

namespace {

constexpr std::size_t itemLimit = 20;
constexpr std::size_t codeLimit = 64;

/// The text is valid UTF-8, so C1 (U+0080 to U+009F) is C2 and a byte below A0.
bool hasControlCharacter(std::string_view text)
{
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto byte = static_cast<unsigned char>(text[at]);
        const bool c1 =
            byte == 0xC2 && at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) < 0xA0;
        if (byte < 0x20 || byte == 0x7F || c1)
            return true;
    }
    return false;
}

void checkText(ObjectReader& reader, std::string_view name, std::string_view text)
{
    if (text.size() > textLimit)
        reader.refuse(ErrorCode::TooLong, name, "more than " + std::to_string(textLimit) + " bytes");
    if (hasControlCharacter(text))
        reader.refuse(ErrorCode::InvalidCharacter, name, "control characters are not allowed");
}

} // namespace

std::string readText(ObjectReader& reader, std::string_view name, Presence presence)
{
    const bool required = presence == Presence::Required;
    std::string text = required ? reader.requiredString(name) : reader.optionalString(name);
    if (required && text.empty())
        reader.refuse(ErrorCode::InvalidValue, name, "must not be empty");
    checkText(reader, name, text);
    return text;
}

std::vector<std::string> readTexts(ObjectReader& reader, std::string_view name)
{
    std::vector<std::string> texts = reader.optionalStrings(name);
    if (texts.size() > itemLimit)
        reader.refuse(ErrorCode::TooManyItems, name, "more than " + std::to_string(itemLimit));
    for (std::size_t index = 0; index < texts.size(); ++index) {
        const std::string item = std::string(name) + "[" + std::to_string(index) + "]";
        if (texts[index].empty())
            reader.refuse(ErrorCode::InvalidValue, item, "must not be empty");
        checkText(reader, item, texts[index]);
    }
    return texts;
}

TenantId readTenantId(ObjectReader& reader)
{
    const auto tenant = parseTenantId(reader.requiredString("tenant_id"));
    if (tenant)
        return *tenant;
    reader.refuse(tenant.error().code, "tenant_id", tenant.error().detail);
    return TenantId("");
}

Currency readCurrency(ObjectReader& reader)
{
    const auto currency = Currency::parse(reader.requiredString("currency"));
    if (currency)
        return *currency;
    reader.refuse(currency.error().code, "currency", currency.error().detail);
    return Currency::parse("USD").value(); // never seen: finish() refuses
}

Decimal readTotal(ObjectReader& reader, std::string_view name)
{
    const auto total = Decimal::parseTotal(reader.requiredString(name));
    if (total)
        return *total;
    reader.refuse(total.error().code, name, total.error().detail);
    return {};
}

std::string readCode(ObjectReader& reader, std::string_view name)
{
    std::string code = reader.requiredString(name);
    const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
    if (code.size() > codeLimit)
        reader.refuse(ErrorCode::TooLong, name, "more than " + std::to_string(codeLimit) + " bytes");
    if (code.empty() || !std::all_of(code.begin(), code.end(), allowed))
        reader.refuse(ErrorCode::InvalidValue, name, "expected [a-z0-9_]{1,64}");
    return code;
}

} // namespace billing::wire
