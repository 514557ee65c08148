#include "tests/support/cutting_proxy.h"

#include "shared/kernel/assert.h"

#include <algorithm>
#include <array>
#include <limits>
#include <mutex>
#include <string_view>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace billing::test {

namespace {

constexpr std::size_t nothingIsCut = std::numeric_limits<std::size_t>::max();

sockaddr_in loopback(std::uint16_t port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    return address;
}

/// Closed with a reset instead of an orderly end.
void reset(int socket)
{
    const linger now{1, 0};
    ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    ::close(socket);
}

bool sendAll(int socket, std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0)
            return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

struct Connection
{
    int client;
    int server;
    bool isMute = false;
};

} // namespace

class CuttingProxy::Loop
{
public:
    explicit Loop(std::uint16_t target)
        : m_target(target)
        , m_listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
        , m_wake(::eventfd(0, EFD_CLOEXEC))
    {
        sockaddr_in address = loopback(0);
        socklen_t length = sizeof address;
        auto* const generic = reinterpret_cast<sockaddr*>(&address);
        BILLING_ASSERT(m_listener >= 0 && m_wake >= 0);
        BILLING_ASSERT(::bind(m_listener, generic, length) == 0 && ::listen(m_listener, 64) == 0);
        BILLING_ASSERT(::getsockname(m_listener, generic, &length) == 0);
        m_port = ntohs(address.sin_port);
        m_thread = std::thread([this] { run(); });
    }
    ~Loop()
    {
        const std::uint64_t one = 1;
        BILLING_ASSERT(::write(m_wake, &one, sizeof one) == sizeof one);
        m_thread.join();
        for (const Connection& connection : m_connections) {
            reset(connection.client);
            reset(connection.server);
        }
        ::close(m_listener);
        ::close(m_wake);
    }
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    std::uint16_t port() const { return m_port; }
    void swallowAll()
    {
        const std::lock_guard guard(m_mutex);
        m_isSwallowing = true;
    }
    void arm(std::size_t left)
    {
        const std::lock_guard guard(m_mutex);
        m_isSwallowing = false;
        m_left = left;
        m_passedBack = 0;
        m_hasCut = false;
    }
    bool hasCut() const
    {
        const std::lock_guard guard(m_mutex);
        return m_hasCut;
    }
    std::size_t passedBack() const
    {
        const std::lock_guard guard(m_mutex);
        return m_passedBack;
    }

private:
    void run()
    {
        for (;;) {
            std::vector<pollfd> watched{{m_wake, POLLIN, 0}, {m_listener, POLLIN, 0}};
            for (const Connection& connection : m_connections) {
                watched.push_back({connection.client, POLLIN, 0});
                watched.push_back({connection.server, POLLIN, 0});
            }
            if (::poll(watched.data(), watched.size(), -1) < 0)
                continue;
            if (watched[0].revents != 0)
                return;
            std::vector<Connection> open;
            for (std::size_t i = 0; i < m_connections.size(); ++i) {
                const bool hasClientSpoken = watched[2 + 2 * i].revents != 0;
                const bool hasServerSpoken = watched[3 + 2 * i].revents != 0;
                if (isMute(m_connections[i])) {
                    swallow(hasClientSpoken, m_connections[i].client);
                    swallow(hasServerSpoken, m_connections[i].server);
                    open.push_back(m_connections[i]);
                    continue;
                }
                const bool isAlive = (!hasClientSpoken || forward(m_connections[i])) &&
                                     (!hasServerSpoken || giveBack(m_connections[i]));
                if (isAlive)
                    open.push_back(m_connections[i]);
                else
                    drop(m_connections[i]);
            }
            m_connections = std::move(open);
            if (watched[1].revents != 0)
                accept();
        }
    }
    void accept()
    {
        const int client = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
        if (client < 0)
            return;
        const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        const sockaddr_in address = loopback(m_target);
        if (::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
            drop({client, server, false});
            return;
        }
        const int one = 1;
        for (const int socket : {client, server})
            ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        m_connections.push_back({client, server, false});
    }
    bool isMute(Connection& connection) const
    {
        const std::lock_guard guard(m_mutex);
        connection.isMute = connection.isMute || m_isSwallowing;
        return connection.isMute;
    }
    void swallow(bool hasSpoken, int& socket)
    {
        if (!hasSpoken || ::recv(socket, m_buffer.data(), m_buffer.size(), 0) > 0)
            return;
        ::close(socket);
        socket = -1; // the other side never hears of it
    }
    bool forward(const Connection& connection)
    {
        const ssize_t got = ::recv(connection.client, m_buffer.data(), m_buffer.size(), 0);
        return got > 0 && sendAll(connection.server, {m_buffer.data(), static_cast<std::size_t>(got)});
    }
    /// False when the connection ended, or ends now because it is cut.
    bool giveBack(const Connection& connection)
    {
        const ssize_t got = ::recv(connection.server, m_buffer.data(), m_buffer.size(), 0);
        if (got <= 0)
            return false;
        std::size_t passing = static_cast<std::size_t>(got);
        bool isCut = false;
        {
            const std::lock_guard guard(m_mutex);
            isCut = m_left < passing;
            passing = std::min(passing, m_left);
            m_passedBack += passing;
            if (m_left != nothingIsCut)
                m_left = isCut ? nothingIsCut : m_left - passing;
        }
        const bool isSent = sendAll(connection.client, {m_buffer.data(), passing});
        if (isCut) {
            const std::lock_guard guard(m_mutex);
            m_hasCut = true;
        }
        return isSent && !isCut;
    }
    static void drop(const Connection& connection)
    {
        reset(connection.client);
        reset(connection.server);
    }

    const std::uint16_t m_target;
    const int m_listener;
    const int m_wake;
    std::uint16_t m_port = 0;
    std::array<char, 65'536> m_buffer = {};
    std::vector<Connection> m_connections; ///< of the thread below

    mutable std::mutex m_mutex;
    std::size_t m_left = nothingIsCut;
    std::size_t m_passedBack = 0;
    bool m_hasCut = false;
    bool m_isSwallowing = false;

    std::thread m_thread;
};

CuttingProxy::CuttingProxy(std::uint16_t target)
    : m_loop(std::make_unique<Loop>(target))
{
}

CuttingProxy::~CuttingProxy() = default;

std::uint16_t CuttingProxy::port() const
{
    return m_loop->port();
}

void CuttingProxy::cutAfter(std::size_t bytes)
{
    m_loop->arm(bytes);
}

void CuttingProxy::passAll()
{
    m_loop->arm(nothingIsCut);
}

void CuttingProxy::swallowAll()
{
    m_loop->swallowAll();
}

bool CuttingProxy::hasCut() const
{
    return m_loop->hasCut();
}

std::size_t CuttingProxy::passedBack() const
{
    return m_loop->passedBack();
}

} // namespace billing::test
