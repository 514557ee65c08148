// One HTTPS request and its answer, over libcurl: TLS 1.2 or later, the client's certificate shown, the
// server's chain and name checked, no redirect followed, size and time capped. The connection is kept for the
// next request. One thread.
#pragma once

#include "shared/kernel/instant.h"
#include "shared/kernel/result.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace billing::client {

struct HttpAnswer
{
    int status = 0;
    std::string body = {};
    std::optional<std::chrono::seconds> retryAfter = {}; ///< of a Retry-After in seconds
};

class Transport
{
public:
    virtual ~Transport() = default;

    /// POST of JSON with a bearer token; target is path and query. Refuses NetworkFailed (may go well another
    /// time: nothing is known about whether the server took the body) and InvalidConfiguration (never will: a
    /// file that is no certificate, a server that is not the one named).
    virtual Result<HttpAnswer> post(std::string_view target, std::string_view body,
                                    const std::string& token) = 0;
    /// GET with a bearer token. Refuses as post; a transport that only posts refuses InvalidConfiguration.
    virtual Result<HttpAnswer> get(std::string_view target, const std::string& token);
};

struct TransportOptions
{
    std::string serverUrl; ///< "https://host:port", nothing behind it
    std::string certificateFile;
    std::string keyFile;
    std::string
        authorityFile; ///< what the server's certificate must chain to; the system's own are not asked
    std::chrono::milliseconds connectTimeout{10'000};
    std::chrono::milliseconds requestTimeout{45'000};
    std::size_t answerLimit = 4 << 20; ///< bytes
};

/// Refuses InvalidConfiguration (no https URL, or one with a path, query, fragment or user), FileUnreadable
/// (subject: the file).
Result<std::unique_ptr<Transport>> openTransport(const TransportOptions& options);

} // namespace billing::client
