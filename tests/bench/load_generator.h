// A client that loads the door as many kernels would: N kept TLS connections with a client certificate and a
// bearer token, driven by one thread with epoll, in a closed loop (each connection sends its next request
// when an answer comes) or at a fixed rate (requests are due at fixed moments; latency counts from the due
// moment, so that a stalled server is not flattered). No Beast in it: it shares no code with what it
// measures.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace billing::bench {

struct LoadPlan
{
    std::uint16_t port = 0;    ///< of 127.0.0.1
    std::filesystem::path pki; ///< with ca.crt, kernel.crt and kernel.key
    std::string token;         ///< empty: no Authorization field
    std::size_t connections = 32;
    std::size_t pipelining = 1;                                        ///< requests under way on a connection
    double requestsPerSecond = 0;                                      ///< 0: closed loop
    std::chrono::milliseconds warmUp = std::chrono::milliseconds(500); ///< not counted
    std::chrono::milliseconds duration = std::chrono::seconds(5);
    std::string method = "POST";
    std::string path = "/api/v1/usage";
    std::string contentType = "application/json";
    /// The body of request number n; called on the load thread, so cheap ones measure the server.
    std::function<std::string(std::uint64_t number)> body;
};

/// Counts of latencies in steps of about 1.6 %, from 1 us to 17 min.
class LatencyHistogram
{
public:
    void add(std::chrono::nanoseconds latency);
    std::uint64_t count() const noexcept { return m_count; }
    /// The latency that this share of the answers did not exceed, e.g. 0.99.
    double quantileMs(double share) const;
    double maxMs() const;

private:
    static constexpr std::size_t stepsPerDoubling = 64;
    std::array<std::uint64_t, 31 * stepsPerDoubling> m_counts = {};
    std::uint64_t m_count = 0;
    std::uint64_t m_maxMicros = 0;
};

struct LoadReport
{
    std::string failure; ///< empty when every connection lasted to the end
    double seconds = 0;
    std::uint64_t answers = 0; ///< within the counted time, any status
    std::uint64_t refused = 0; ///< of these, other than 2xx
    int firstRefusal = 0;      ///< its status
    LatencyHistogram latency;

    double answersPerSecond() const { return seconds > 0 ? static_cast<double>(answers) / seconds : 0; }
};

/// Runs the plan on the calling thread.
LoadReport runLoad(const LoadPlan& plan);

} // namespace billing::bench
