// SHA-256 (FIPS 180-4) by OpenSSL, quick for the short texts that identities are made of: the digest is fetched once and a
// context kept per thread, since OpenSSL 3's one-shot call costs four times as much. Any thread.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace billing {

using Sha256 = std::array<std::uint8_t, 32>;

Sha256 sha256(std::string_view bytes);

/// The digest as 32 raw bytes in a string, for binary columns.
std::string sha256Bytes(std::string_view bytes);

/// Lower-case hexadecimal.
std::string toHex(std::string_view bytes);

} // namespace billing
