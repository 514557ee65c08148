// "127.0.0.1:8443" or "[::1]:8443": a literal address and a port, as listeners are configured. Pure.
#pragma once

#include "shared/kernel/result.h"

#include <array>
#include <cstdint>
#include <string>

namespace billing::app {

struct SocketAddress
{
    std::array<std::uint8_t, 16> host; ///< IPv4 addresses as ::ffff:a.b.c.d
    std::uint16_t port;
    bool loopback;

    friend bool operator==(const SocketAddress&, const SocketAddress&) = default;
};

/// Refuses InvalidValue.
Result<SocketAddress> parseSocketAddress(const std::string& text);

} // namespace billing::app
