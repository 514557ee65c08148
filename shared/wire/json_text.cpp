#include "shared/wire/json_text.h"

namespace billing::wire {

namespace {

std::size_t digitsAt(std::string_view text, std::size_t at)
{
    std::size_t end = at;
    while (end < text.size() && text[end] >= '0' && text[end] <= '9')
        ++end;
    return end - at;
}

/// Where the string that starts after the quote ends: the index of its closing quote, or the text's size.
std::size_t stringEnd(std::string_view text, std::size_t at)
{
    while (at < text.size() && text[at] != '"')
        at += text[at] == '\\' ? 2u : 1u;
    return at;
}

} // namespace

bool nestsDeeperThan(std::string_view text, int limit)
{
    int depth = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (c == '"') {
            at = stringEnd(text, at + 1);
        } else if (c == '[' || c == '{') {
            if (++depth > limit)
                return true;
        } else if ((c == ']' || c == '}') && depth > 0) {
            --depth;
        }
    }
    return false;
}

bool isJsonNumber(std::string_view token)
{
    std::size_t at = token.starts_with('-') ? 1u : 0u;
    const std::size_t integer = digitsAt(token, at);
    if (integer == 0 || (integer > 1 && token[at] == '0'))
        return false;
    at += integer;
    if (at < token.size() && token[at] == '.') {
        const std::size_t fraction = digitsAt(token, ++at);
        if (fraction == 0)
            return false;
        at += fraction;
    }
    if (at < token.size() && (token[at] == 'e' || token[at] == 'E')) {
        ++at;
        at += at < token.size() && (token[at] == '+' || token[at] == '-') ? 1u : 0u;
        const std::size_t exponent = digitsAt(token, at);
        if (exponent == 0)
            return false;
        at += exponent;
    }
    return at == token.size();
}

std::string_view withoutTrailingSpace(std::string_view token)
{
    return token.substr(0, token.find_last_not_of(" \t\r\n") + 1);
}

std::string excerpt(std::string_view text, std::size_t mostBytes)
{
    if (text.size() <= mostBytes)
        return std::string(text);
    while (mostBytes > 0 && (static_cast<unsigned char>(text[mostBytes]) & 0xC0) == 0x80)
        --mostBytes;
    return std::string(text.substr(0, mostBytes));
}

void appendJsonString(std::string& json, std::string_view text)
{
    static constexpr std::string_view hex = "0123456789abcdef";
    json += '"';
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            json += '\\';
            json += c;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            json += "\\u00";
            json += hex[static_cast<unsigned char>(c) >> 4];
            json += hex[static_cast<unsigned char>(c) & 0xF];
        } else {
            json += c;
        }
    }
    json += '"';
}

} // namespace billing::wire
