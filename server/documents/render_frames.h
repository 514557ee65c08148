// How billing-server and its child billing-render talk over pipes. A request is a length (4 bytes,
// big-endian) and that many bytes of snapshot JSON. An answer is a status byte, a length likewise, and the
// PDF, or the refusal as
// {"code","subject","detail"}. Pure.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace billing::documents {

inline constexpr std::size_t lengthSize = 4;
inline constexpr std::size_t answerHeadSize = 1 + lengthSize;
/// An invoice of 100,000 lines stays far below; anything longer is a broken pipe talking.
inline constexpr std::uint32_t frameLimit = 256 * 1024 * 1024;

enum class RenderStatus : unsigned char
{
    Rendered = 0,
    Refused = 1
};

constexpr std::array<char, lengthSize> encodeLength(std::uint32_t length)
{
    return {static_cast<char>(length >> 24), static_cast<char>(length >> 16), static_cast<char>(length >> 8),
            static_cast<char>(length)};
}

constexpr std::uint32_t decodeLength(std::span<const char, lengthSize> bytes)
{
    std::uint32_t length = 0;
    for (const char byte : bytes)
        length = length << 8 | static_cast<unsigned char>(byte);
    return length;
}

} // namespace billing::documents
