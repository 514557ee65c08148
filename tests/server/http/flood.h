// Clients that hold connections without using them, in numbers: each kind opens in its own way, and a Flood
// keeps so many of one kind open. For a door behind pki().
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

struct ssl_ctx_st;

namespace billing::http::test {

/// A client that shows the kernel's certificate; one context for all, as a process has. The caller owns a
/// reference.
ssl_ctx_st* kernelContext();

/// One connection of a flood.
class Nuisance
{
public:
    virtual ~Nuisance() = default;
    virtual int native() = 0;
    virtual void poke() {}
};

using MakeNuisance = std::function<std::unique_ptr<Nuisance>(std::uint16_t port)>;

/// By name; made once.
const std::map<std::string, MakeNuisance>& nuisances();

/// So many connections at once, poked again and again on a thread of their own until the door has closed
/// them.
class Flood
{
public:
    Flood(std::uint16_t port, MakeNuisance make, std::size_t size)
        : m_port(port)
        , m_make(std::move(make))
    {
        for (std::size_t i = 0; i < size; ++i)
            m_connections.push_back(m_make(m_port));
        m_thread = std::thread([this] { run(); });
    }
    ~Flood() { stop(); }
    void stop()
    {
        {
            const std::scoped_lock lock(m_mutex);
            m_stopping = true;
        }
        m_changed.notify_all();
        if (m_thread.joinable())
            m_thread.join();
        m_connections.clear();
    }
    /// False when the door has not closed so many by then.
    bool waitUntilClosed(std::size_t count, std::chrono::milliseconds limit)
    {
        std::unique_lock lock(m_mutex);
        return m_changed.wait_for(lock, limit, [&] { return m_closed >= count; });
    }
    std::size_t closed() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_closed;
    }

private:
    void run();

    const std::uint16_t m_port;
    const MakeNuisance m_make;
    std::vector<std::unique_ptr<Nuisance>> m_connections;
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_stopping = false;
    std::size_t m_closed = 0;
    std::thread m_thread;
};

} // namespace billing::http::test
