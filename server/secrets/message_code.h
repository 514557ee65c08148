// Message authentication codes: HMAC-SHA-256 (RFC 2104) by OpenSSL, and a comparison that tells nothing by
// its time. Any thread.
#pragma once

#include <string>
#include <string_view>

namespace billing::secrets {

/// 32 bytes.
std::string messageCode(std::string_view key, std::string_view message);

bool equalInConstantTime(std::string_view a, std::string_view b);

} // namespace billing::secrets
