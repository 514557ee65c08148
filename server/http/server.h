// The door: listens, speaks TLS and HTTP/1.1, and hands complete, bounded requests to one handler. It knows
// no billing; what it refuses itself (bad framing, limits, deadlines) it words through the RefusalWriter and
// then closes the connection, so that the next request on that socket never runs.
//
// One io thread, the caller's: run() blocks on it, and the handler and pull sources are called on it and must
// not block. Answers may come from any thread, pipelined ones leave in the order of their requests.
#pragma once

#include "server/http/limits.h"
#include "server/http/request.h"
#include "server/http/responder.h"
#include "server/http/response.h"
#include "server/http/tls_context.h"
#include "shared/kernel/ports.h"
#include "shared/kernel/result.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace billing::http {

using Handler = std::function<void(Request&&, Responder)>;
using RefusalWriter = std::function<Response(const Error& error, int status)>;

struct ListenerConfig
{
    std::string name;
    std::string address; ///< "127.0.0.1:8443", "[::1]:0"; a literal address, port 0 picks a free one
    TlsFiles tls;
    ClientCertificate clientCertificate = ClientCertificate::Required;
};

struct ServerConfig
{
    std::vector<ListenerConfig> listeners;
    Limits limits = {};
    /// For the Date field and for what clients' certificates are valid; without it no Date is sent, and only
    /// the machine's clock is asked, once, at the handshake. Must outlive the server.
    const Clock* clock = nullptr;
};

/// Where a listener really listens.
struct Endpoint
{
    std::string listener;
    std::string address;
    std::uint16_t port;
};

/// Of one listener, since it was made.
struct ConnectionCounts
{
    std::string listener;
    std::int64_t open;    ///< now
    std::int64_t refused; ///< closed for want of room: on arrival, or while they shook hands
};

struct ServerCore;

class Server
{
public:
    /// Binds and listens; connections wait until run(). Refuses InvalidConfiguration (no listener, an address
    /// that is none, a key others may read), FileUnreadable, ListenFailed; the subject names the file or
    /// address.
    static Result<std::unique_ptr<Server>> create(const ServerConfig& config, Handler handler,
                                                  RefusalWriter refusalWriter);
    /// run() must have returned, or never been called.
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    std::vector<Endpoint> endpoints() const;
    /// In the order of the configuration. Any thread.
    std::vector<ConnectionCounts> connectionCounts() const;
    /// Serves until stop(); once.
    void run();
    /// Any thread, any time: stops accepting, answers what is in flight, then closes; what is left after
    /// `grace` is cut. run() returns when the last connection is gone.
    void stop(Duration grace);

private:
    explicit Server(std::shared_ptr<ServerCore> core);

    std::shared_ptr<ServerCore> m_core;
};

} // namespace billing::http
