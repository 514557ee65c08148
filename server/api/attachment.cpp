#include "server/api/attachment.h"

namespace billing::api {

namespace {

bool isAttributeCharacter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("!#$&+-.^_`|~").find(c) != std::string_view::npos;
}

/// Quotes and backslashes need no escape any more, and a % is not taken for the start of one.
bool isSimple(char c)
{
    return c >= ' ' && c <= '~' && c != '"' && c != '\\' && c != '%';
}

/// One underscore for each character that is not simple.
std::string simplified(std::string_view name)
{
    std::string text;
    for (const char c : name)
        if (isSimple(c))
            text += c;
        else if ((static_cast<unsigned char>(c) & 0xC0) != 0x80)
            text += '_';
    return text;
}

std::string percentEncoded(std::string_view name)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string text;
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        if (isAttributeCharacter(c))
            text += c;
        else
            text.append({'%', digits[byte >> 4], digits[byte & 0xF]});
    }
    return text;
}

} // namespace

std::string attachment(std::string_view fileName)
{
    const std::string simple = simplified(fileName);
    std::string value = "attachment; filename=\"" + simple + "\"";
    if (simple != fileName)
        value += "; filename*=UTF-8''" + percentEncoded(fileName);
    return value;
}

} // namespace billing::api
