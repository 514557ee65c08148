#include "tests/server/http/flood.h"

#include "tests/server/http/door.h"

#include <openssl/ssl.h>

#include <csignal>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace billing::http::test {

namespace {

constexpr std::chrono::milliseconds stepPause(50);

/// A TCP connection that may never speak TLS.
class Socket
{
public:
    explicit Socket(std::uint16_t port)
        : m_socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_in address = {};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const int connected =
            ::connect(m_socket, reinterpret_cast<const sockaddr*>(&address), sizeof address);
        BILLING_ASSERT(connected == 0);
    }
    ~Socket() { ::close(m_socket); }
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;

    int native() const { return m_socket; }
    void send(std::string_view bytes) const
    {
        [[maybe_unused]] const auto sent = ::send(m_socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    }

private:
    int m_socket;
};

bool endedByDoor(int socket)
{
    pollfd waiting = {socket, POLLRDHUP, 0};
    return ::poll(&waiting, 1, 0) > 0 && (waiting.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

class RawNuisance final : public Nuisance
{
public:
    RawNuisance(std::uint16_t port, std::string_view bytes)
        : m_socket(port)
    {
        m_socket.send(bytes);
    }
    int native() override { return m_socket.native(); }

private:
    Socket m_socket;
};

class TlsNuisance final : public Nuisance
{
public:
    TlsNuisance(std::uint16_t port, const std::string& opening, std::string drip)
        : m_client(port, kernelContext())
        , m_drip(std::move(drip))
    {
        if (m_client.connected() && !opening.empty())
            m_client.send(opening);
    }
    int native() override { return m_client.connected() ? SSL_get_fd(m_client.native()) : -1; }
    void poke() override
    {
        if (m_client.connected() && !m_drip.empty())
            m_client.send(m_drip);
    }

private:
    Client m_client;
    std::string m_drip;
};

/// Takes an endless answer through a window of a few KiB, a little at a time.
class SlowReadNuisance final : public Nuisance
{
public:
    explicit SlowReadNuisance(std::uint16_t port)
        : m_client(port, kernelContext())
    {
        const int window = 4096;
        ::setsockopt(native(), SOL_SOCKET, SO_RCVBUF, &window, sizeof window);
        if (m_client.connected())
            m_client.send("GET /endless HTTP/1.1\r\nHost: a\r\n\r\n");
    }
    int native() override { return m_client.connected() ? SSL_get_fd(m_client.native()) : -1; }
    void poke() override
    {
        char byte = 0;
        [[maybe_unused]] const auto taken = ::recv(native(), &byte, 1, MSG_DONTWAIT);
    }

private:
    Client m_client;
};

/// Asks for new keys without ever reading the answers, which the door must not hoard.
class KeyUpdateNuisance final : public Nuisance
{
public:
    explicit KeyUpdateNuisance(std::uint16_t port)
        : m_client(port, kernelContext())
    {
        const timeval patience = {0, 1000}; // its own writes get stuck too
        ::setsockopt(native(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    }
    int native() override { return m_client.connected() ? SSL_get_fd(m_client.native()) : -1; }
    void poke() override
    {
        for (int i = 0; i < 20 && m_client.connected(); ++i) {
            if (SSL_key_update(m_client.native(), SSL_KEY_UPDATE_REQUESTED) != 1 ||
                SSL_do_handshake(m_client.native()) != 1)
                return;
        }
    }

private:
    Client m_client;
};

/// Sends half a request and then resets the connection.
class AbortedNuisance final : public Nuisance
{
public:
    explicit AbortedNuisance(std::uint16_t port)
        : m_client(port, kernelContext())
    {
    }
    int native() override { return -1; } // over with its first step
    ~AbortedNuisance() override
    {
        if (!m_client.connected())
            return;
        m_client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nhalf");
        const linger reset = {1, 0};
        ::setsockopt(SSL_get_fd(m_client.native()), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    }

private:
    Client m_client;
};

std::string helloOfOpenSsl()
{
    SSL_CTX* context = kernelContext();
    SSL* ssl = SSL_new(context);
    BIO* out = BIO_new(BIO_s_mem());
    SSL_set_bio(ssl, BIO_new(BIO_s_mem()), out);
    SSL_connect(ssl);
    char* bytes = nullptr;
    const long length = BIO_get_mem_data(out, &bytes);
    std::string hello(bytes, static_cast<std::size_t>(length));
    SSL_free(ssl);
    SSL_CTX_free(context);
    return hello;
}

MakeNuisance tls(const std::string& opening, const std::string& drip)
{
    return [=](std::uint16_t port) { return std::make_unique<TlsNuisance>(port, opening, drip); };
}

MakeNuisance raw(const std::string& bytes)
{
    return [=](std::uint16_t port) { return std::make_unique<RawNuisance>(port, bytes); };
}

template <class T>
MakeNuisance plain()
{
    return [](std::uint16_t port) { return std::make_unique<T>(port); };
}

} // namespace

SSL_CTX* kernelContext()
{
    static SSL_CTX* const context = [] {
        SSL_CTX* made = SSL_CTX_new(TLS_client_method());
        SSL_CTX_use_certificate_chain_file(made, (http::test::pki() / "kernel.crt").c_str());
        SSL_CTX_use_PrivateKey_file(made, (http::test::pki() / "kernel.key").c_str(), SSL_FILETYPE_PEM);
        return made;
    }();
    SSL_CTX_up_ref(context);
    return context;
}

const std::map<std::string, MakeNuisance>& nuisances()
{
    static const std::string hello = helloOfOpenSsl();
    static const std::map<std::string, MakeNuisance> all = {
        {"slow_header", tls("GET / HTTP/1.1\r\nHost: a\r\nX: ", "x")},
        {"slow_body",
         tls("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n" + std::string(64 * 1024, 'x'),
             "x")},
        {"slow_read", plain<SlowReadNuisance>()},
        {"idle", tls({}, {})},
        {"handshake_unbegun", raw({})},
        {"handshake_half", raw(hello.substr(0, hello.size() / 2))},
        {"handshake_unfinished", raw(hello)},
        {"plain_http", raw("GET / HTTP/1.1\r\nHost: a\r\n\r\n")},
        {"key_updates", plain<KeyUpdateNuisance>()},
        {"aborted", plain<AbortedNuisance>()},
    };
    return all;
}

void Flood::run()
{
    std::unique_lock lock(m_mutex);
    while (!m_stopping) {
        lock.unlock();
        std::size_t closed = 0;
        for (auto& connection : m_connections) {
            if (!connection)
                continue;
            connection->poke();
            if (connection->native() >= 0 && !endedByDoor(connection->native()))
                continue;
            ++closed;
            connection.reset();
        }
        lock.lock();
        m_closed += closed;
        m_changed.notify_all();
        m_changed.wait_for(lock, stepPause, [&] { return m_stopping; });
    }
}

} // namespace billing::http::test
