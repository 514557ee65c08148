// Bytes as lower-case hex digits and back. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace billing::audit {

inline std::string toHex(std::string_view bytes)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const char byte : bytes) {
        text += digits[static_cast<unsigned char>(byte) >> 4];
        text += digits[static_cast<unsigned char>(byte) & 15];
    }
    return text;
}

/// Nothing unless it is an even number of lower-case digits.
inline std::optional<std::string> fromHex(std::string_view text)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string bytes;
    if (text.size() % 2 != 0)
        return std::nullopt;
    for (std::size_t index = 0; index < text.size(); index += 2) {
        const auto high = digits.find(text[index]);
        const auto low = digits.find(text[index + 1]);
        if (high == std::string_view::npos || low == std::string_view::npos)
            return std::nullopt;
        bytes += static_cast<char>(high << 4 | low);
    }
    return bytes;
}

} // namespace billing::audit
