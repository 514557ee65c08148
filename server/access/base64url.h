// Base64url without padding, as JWTs use it (RFC 7515). Canonical only: one text for one byte string. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace billing::access {

std::string toBase64Url(std::span<const std::uint8_t> bytes);

/// Nothing for a foreign character, padding, an impossible length, or leftover bits that are not zero.
std::optional<std::string> fromBase64Url(std::string_view text);

} // namespace billing::access
