// What the door's tests share: a server on its own thread behind a fresh development PKI, and a raw TLS
// client that sends exactly the bytes it is told and waits for events, never for time.
#pragma once

#include "server/http/server.h"
#include "tests/support/manual_clock.h"
#include "tests/support/temporary_directory.h"

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

struct ssl_st;
struct ssl_ctx_st;

namespace billing::http::test {

/// Where the doors' clocks stand at first; certificates are made for this time, and clients check at it.
constexpr const char* doorOpens = "1994-11-06T08:49:37Z";

/// A directory with {ca,server,kernel,console}.{crt,key}; made once per process and name.
std::filesystem::path pki(const std::string& name = "pki");

enum class Identity
{
    Kernel,
    Console,
    None,
    OtherAuthority, ///< a certificate of a CA the door does not know
    Server,         ///< our CA, but not for clients
};

/// Runs a server for the length of a test. Requests are noted in order of arrival.
class Door
{
public:
    explicit Door(Handler handler, const Limits& limits = {},
                  ClientCertificate clientCertificate = ClientCertificate::Required);
    Door(Handler handler, const Limits& limits, const ListenerConfig& listener);
    ~Door();

    std::uint16_t port() const;
    Server& server() { return *m_server; }
    billing::test::ManualClock& clock() { return m_clock; }
    /// Stops and waits until run() has returned.
    void stop(Duration grace);
    /// "GET /a" of every request that reached the handler.
    std::vector<std::string> seen() const;

private:
    mutable std::mutex m_mutex;
    std::vector<std::string> m_seen;
    billing::test::ManualClock m_clock{doorOpens};
    std::unique_ptr<Server> m_server;
    std::thread m_thread;
};

class Client
{
public:
    explicit Client(std::uint16_t port, Identity identity = Identity::Kernel);
    /// Takes the context over: any certificate, versions and ciphers; a version of its own when it is not 0.
    Client(std::uint16_t port, ssl_ctx_st* context, int version = 0);
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// False when the handshake failed.
    bool connected() const { return m_ssl != nullptr; }
    void send(std::string_view bytes);
    /// Until `count` further answers have arrived whole (Content-Length or chunked), or the end.
    std::string readAnswers(std::size_t count);
    std::string readBytes(std::size_t count); ///< fewer at the end
    /// The next answer that is not "100 Continue".
    std::string readFinalAnswer();
    /// Everything until the server ends the connection.
    std::string readToEnd();
    /// True when the server said that nothing more will come, false when it only cut the connection.
    bool endedByPeer() const;
    /// The TLS alert that ended it, 0 when there was none.
    int alert() const { return m_alert; }
    void endSending();
    /// The TCP socket is told bytes that are no TLS.
    static std::string sendPlain(std::uint16_t port, std::string_view bytes);

    ssl_st* native() { return m_ssl; }

private:
    bool readMore();
    void noteAlert();

    int m_socket = -1;
    int m_alert = 0;
    ssl_st* m_ssl = nullptr;
    std::string m_received;
};

/// The status of the first answer in `bytes`, 0 when there is none.
int statusOf(std::string_view bytes);

} // namespace billing::http::test
