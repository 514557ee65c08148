#include "server/http/server.h"

#include "server/http/server_core.h"

#include <boost/asio/ip/v6_only.hpp>

#include <charconv>

namespace billing::http {

namespace {

Error refused(ErrorCode code, const std::string& address, std::string why)
{
    return {code, address, std::move(why)};
}

/// "127.0.0.1:0" or "[::1]:0".
Result<asio::ip::tcp::endpoint> parseAddress(const std::string& text)
{
    const Error invalid = refused(ErrorCode::InvalidConfiguration, text, "not a literal address with a port");
    const std::size_t colon = text.rfind(':');
    if (colon == std::string::npos || colon == 0)
        return invalid;
    std::string host = text.substr(0, colon);
    if (host.front() == '[' && host.back() == ']')
        host = host.substr(1, host.size() - 2);
    else if (host.find(':') != std::string::npos)
        return invalid;
    std::uint16_t port = 0;
    const char* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data() + colon + 1, end, port);
    boost::system::error_code error;
    const auto address = asio::ip::make_address(host, error);
    if (error || parsed.ec != std::errc() || parsed.ptr != end)
        return invalid;
    return asio::ip::tcp::endpoint(address, port);
}

Result<void> listen(Listener& listener)
{
    const Result<asio::ip::tcp::endpoint> endpoint = parseAddress(listener.config.address);
    if (!endpoint)
        return endpoint.error();
    boost::system::error_code error;
    auto& acceptor = listener.acceptor;
    acceptor.open(endpoint->protocol(), error);
    if (!error)
        acceptor.set_option(asio::socket_base::reuse_address(true), error);
    if (!error && endpoint->address().is_v6())
        acceptor.set_option(asio::ip::v6_only(true), error);
    if (!error)
        acceptor.bind(*endpoint, error);
    if (!error)
        acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (error)
        return refused(ErrorCode::ListenFailed, listener.config.address, error.message());
    return {};
}

} // namespace

Result<std::unique_ptr<Server>> Server::create(const ServerConfig& config, Handler handler,
                                               RefusalWriter refusalWriter)
{
    BILLING_ASSERT(handler && refusalWriter);
    if (config.listeners.empty())
        return refused(ErrorCode::InvalidConfiguration, "listeners", "none is configured");
    auto core = std::make_shared<ServerCore>(config, std::move(handler), std::move(refusalWriter));
    for (const ListenerConfig& listenerConfig : config.listeners) {
        Result<TlsContext> tls = TlsContext::create(listenerConfig.tls, listenerConfig.clientCertificate);
        if (!tls)
            return tls.error();
        auto listener = std::make_unique<Listener>(listenerConfig, std::move(*tls), core->io);
        if (auto listening = listen(*listener); !listening)
            return listening.error();
        boost::system::error_code error;
        const auto local = listener->acceptor.local_endpoint(error);
        core->endpoints.push_back({listenerConfig.name, local.address().to_string(), local.port()});
        core->listeners.push_back(std::move(listener));
    }
    return std::unique_ptr<Server>(new Server(std::move(core)));
}

Server::Server(std::shared_ptr<ServerCore> core)
    : m_core(std::move(core))
{
}

Server::~Server() = default;

std::vector<Endpoint> Server::endpoints() const
{
    return m_core->endpoints;
}

std::vector<ConnectionCounts> Server::connectionCounts() const
{
    std::vector<ConnectionCounts> counts;
    for (const auto& listener : m_core->listeners)
        counts.push_back({listener->config.name, listener->openConnections, listener->refusedConnections});
    return counts;
}

void Server::run()
{
    m_core->run();
}

void Server::stop(Duration grace)
{
    m_core->stop(grace);
}

} // namespace billing::http
