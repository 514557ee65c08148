// SHA-256. The thread's digest context is kept: OpenSSL 3's one-shot call looks its algorithm up every time
// and takes four times as long. Any thread.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace billing::secrets {

using Sha256 = std::array<std::uint8_t, 32>;

Sha256 sha256(std::string_view bytes);

/// As bytes, for a column or another hash.
std::string toBytes(const Sha256& digest);
/// Lower case, 64 digits.
std::string toHex(const Sha256& digest);

} // namespace billing::secrets
