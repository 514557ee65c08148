#include "server/api/cursor.h"

#include "server/secrets/message_code.h"

#include <charconv>

namespace billing::api {

namespace {

/// Behind the list's name and behind the length of each part: a part may hold any character.
constexpr char separator = ':';
constexpr std::size_t codeSize = 16;

std::string toHex(std::string_view bytes)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const char c : bytes) {
        text += digits[static_cast<unsigned char>(c) >> 4];
        text += digits[static_cast<unsigned char>(c) & 15];
    }
    return text;
}

int nibble(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

Result<std::string> fromHex(std::string_view text)
{
    std::string bytes;
    for (std::size_t at = 0; at + 1 < text.size(); at += 2) {
        const int high = nibble(text[at]);
        const int low = nibble(text[at + 1]);
        if (high < 0 || low < 0)
            return Error{ErrorCode::InvalidCursor, "cursor"};
        bytes += static_cast<char>(high * 16 + low);
    }
    return text.size() % 2 == 0 ? Result<std::string>(bytes) : Error{ErrorCode::InvalidCursor, "cursor"};
}

} // namespace

Cursors::Cursors(std::string key)
    : m_key(std::move(key))
{
}

std::string Cursors::write(std::string_view list, const std::vector<std::string>& key) const
{
    std::string text = std::string(list) + separator;
    for (const std::string& part : key)
        text += std::to_string(part.size()) + separator + part;
    return toHex(secrets::messageCode(m_key, text).substr(0, codeSize) + text);
}

Result<std::vector<std::string>> Cursors::read(std::string_view list, std::string_view cursor,
                                               std::size_t parts) const
{
    const auto bytes = fromHex(cursor);
    if (!bytes || bytes->size() < codeSize)
        return Error{ErrorCode::InvalidCursor, "cursor"};
    std::string_view text = std::string_view(*bytes).substr(codeSize);
    const std::string code = secrets::messageCode(m_key, text).substr(0, codeSize);
    if (!secrets::equalInConstantTime(code, std::string_view(*bytes).substr(0, codeSize)) ||
        text.substr(0, text.find(separator)) != list)
        return Error{ErrorCode::InvalidCursor, "cursor"};

    std::vector<std::string> key;
    text.remove_prefix(list.size() + 1);
    while (!text.empty()) { // we wrote it: the code says so
        std::size_t size = 0;
        const auto length = std::from_chars(text.data(), text.data() + text.size(), size);
        text.remove_prefix(static_cast<std::size_t>(length.ptr - text.data()) + 1);
        key.emplace_back(text.substr(0, size));
        text.remove_prefix(size);
    }
    if (parts > 0 && key.size() != parts)
        return Error{ErrorCode::InvalidCursor, "cursor"};
    return key;
}

} // namespace billing::api
