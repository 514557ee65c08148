// A request as the door hands it on: complete, bounded, its framing checked, its path and query decoded. A
// value without a socket behind it, so that a test can write one by hand.
#pragma once

#include "server/http/header_fields.h"
#include "shared/kernel/instant.h"

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace billing::http {

/// The client's certificate, verified against the listener's CA during the handshake.
struct PeerCertificate
{
    std::array<std::uint8_t, 32> sha256 = {}; ///< of its DER form: what a token's cnf.x5t#S256 names
    std::string subject;                      ///< its one URI SAN
    /// The first moment at which it, or a certificate of its chain, is over; the door refuses from then on.
    Instant validUntil = Instant::fromMicros(std::numeric_limits<std::int64_t>::max());
};

struct Request
{
    std::string method; ///< GET HEAD POST PUT PATCH DELETE OPTIONS
    std::string path;   ///< percent-decoded; its slashes are the ones that were sent as slashes
    std::vector<std::pair<std::string, std::string>>
        query; ///< decoded, in order, repeats kept; '+' is a plus
    HeaderFields headers;
    std::string body;
    std::optional<PeerCertificate> peer;
    std::string listener;      ///< the name of the listener it came through
    std::string remoteAddress; ///< "192.0.2.1:50000", "[2001:db8::1]:50000"

    /// The first value of a field; where a repeat must be refused, ask headers.count().
    std::optional<std::string_view> header(std::string_view name) const { return headers.find(name); }
};

} // namespace billing::http
