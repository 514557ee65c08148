// What the door lets in, at most. The defaults are the design's; a configuration may lower them.
#pragma once

#include "shared/kernel/instant.h"

#include <cstddef>

namespace billing::http {

struct Limits
{
    std::size_t headerBytes = 16 * 1024;
    std::size_t headerFields = 100;
    std::size_t bodyBytes = 8 * 1024 * 1024;
    /// Bodies being received or answered, of all connections together: what the memory must hold.
    std::size_t bodyBytesInFlight = 256 * 1024 * 1024;
    std::size_t connections = 4096;
    std::size_t pipelined =
        64; ///< requests of one connection being answered; the next one waits in the socket
    Duration handshakeAndHeader = std::chrono::seconds(10); ///< also from a header's first byte to its last
    Duration body = std::chrono::seconds(30);               ///< from a header's end to its body's end
    Duration idle = std::chrono::seconds(60);               ///< between requests
    Duration stalledWrite = std::chrono::seconds(30);       ///< for the client to take the next 64 KiB
    /// An older connection is closed after its next answer, so that an expired or withdrawn certificate does
    /// not live on in a kept connection.
    Duration connectionAge = std::chrono::minutes(5);
};

} // namespace billing::http
