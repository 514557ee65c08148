#include "server/http/server_core.h"

#include <boost/asio/post.hpp>

namespace billing::http {

namespace {

constexpr std::chrono::milliseconds acceptRetry(100);
/// What the kernel holds for a client that reads slowly; by itself it would let that grow to megabytes.
constexpr int kernelSendBytes = 256 * 1024;

std::string toText(const asio::ip::tcp::endpoint& endpoint)
{
    const std::string address = endpoint.address().to_string();
    const std::string port = ":" + std::to_string(endpoint.port());
    return endpoint.address().is_v6() ? "[" + address + "]" + port : address + port;
}

} // namespace

ServerCore::ServerCore(const ServerConfig& config, Handler requestHandler, RefusalWriter writer)
    : limits(config.limits)
    , handler(std::move(requestHandler))
    , refusalWriter(std::move(writer))
    , m_clock(config.clock)
    , m_work(io.get_executor())
    , m_grace(io)
{
}

void ServerCore::run()
{
    for (const auto& listener : listeners)
        accept(*listener);
    io.run();
    BILLING_ASSERT(m_connections.empty());
    const std::scoped_lock lock(m_mailboxMutex);
    m_closed = true;
    m_mailbox.clear();
}

void ServerCore::accept(Listener& listener)
{
    listener.acceptor.async_accept(
        [this, &listener](boost::system::error_code error, asio::ip::tcp::socket socket) {
            if (draining)
                return;
            if (!error)
                welcome(listener, std::move(socket));
            if (error != asio::error::no_descriptors && error != asio::error::no_buffer_space) {
                accept(listener);
                return;
            }
            listener.retry.expires_after(acceptRetry);
            listener.retry.async_wait([this, &listener](boost::system::error_code cancelled) {
                if (!cancelled)
                    accept(listener);
            });
        });
}

void ServerCore::welcome(Listener& listener, asio::ip::tcp::socket socket)
{
    // Over the cap the socket closes at once: cheaper for both sides than a handshake for a refusal.
    boost::system::error_code error;
    const auto remote = socket.remote_endpoint(error);
    if (error)
        return;
    if (m_connections.size() >= limits.connections && !makeRoom()) {
        ++listener.refusedConnections;
        return;
    }
    socket.non_blocking(true, error);
    socket.set_option(asio::ip::tcp::no_delay(true), error);
    socket.set_option(asio::socket_base::send_buffer_size(kernelSendBytes), error);
    auto connection =
        std::make_shared<Connection>(shared_from_this(), listener, std::move(socket), toText(remote));
    m_connections.emplace(connection.get(), connection);
    ++listener.openConnections;
    m_handshakePlaces.emplace(connection.get(), m_handshakes.insert(m_handshakes.end(), connection.get()));
    connection->start();
}

/// A handshake costs a stranger nothing to begin, so the one that has waited longest gives way: strangers
/// cannot keep out whoever has a certificate to show.
bool ServerCore::makeRoom()
{
    if (m_handshakes.empty())
        return false;
    ++m_handshakes.front()->listener().refusedConnections;
    m_handshakes.front()->close();
    return true;
}

void ServerCore::handshakeEnded(Connection* connection)
{
    const auto place = m_handshakePlaces.find(connection);
    if (place == m_handshakePlaces.end())
        return;
    m_handshakes.erase(place->second);
    m_handshakePlaces.erase(place);
}

void ServerCore::forget(Connection* connection)
{
    const auto known = m_connections.find(connection);
    if (known != m_connections.end()) {
        --connection->listener().openConnections;
        m_connections.erase(known);
    }
    if (draining && m_connections.empty()) {
        m_grace.cancel();
        m_work.reset();
    }
}

void ServerCore::stop(Duration grace)
{
    postUnlessClosed([this, grace] { beginDraining(grace); });
}

void ServerCore::beginDraining(Duration grace)
{
    if (draining)
        return;
    draining = true;
    for (const auto& listener : listeners) {
        boost::system::error_code ignored;
        listener->acceptor.close(ignored);
        listener->retry.cancel();
    }
    const auto open = m_connections; // draining one may forget it
    m_grace.expires_after(grace);
    m_grace.async_wait([this](boost::system::error_code cancelled) {
        const auto left = cancelled ? decltype(m_connections)() : m_connections;
        for (const auto& [key, connection] : left)
            connection->close();
    });
    for (const auto& [key, connection] : open)
        connection->drain();
    if (m_connections.empty()) {
        m_grace.cancel();
        m_work.reset();
    }
}

bool ServerCore::onIoThread()
{
    return io.get_executor().running_in_this_thread();
}

void ServerCore::postUnlessClosed(std::function<void()> task)
{
    const std::scoped_lock lock(m_mailboxMutex);
    if (!m_closed)
        asio::post(io, [self = shared_from_this(), task = std::move(task)] { task(); });
}

void ServerCore::deliver(std::shared_ptr<Connection> connection, std::uint64_t sequence,
                         std::optional<Response> response)
{
    const std::scoped_lock lock(m_mailboxMutex);
    if (m_closed)
        return;
    m_mailbox.push_back({std::move(connection), sequence, std::move(response)});
    // One wake-up carries all answers that come while it is under way: a group commit answers hundreds at
    // once.
    if (m_mailbox.size() == 1)
        asio::post(io, [self = shared_from_this()] { self->emptyMailbox(); });
}

void ServerCore::emptyMailbox()
{
    std::vector<Delivery> deliveries;
    {
        const std::scoped_lock lock(m_mailboxMutex);
        deliveries.swap(m_mailbox);
    }
    for (Delivery& delivery : deliveries)
        delivery.connection->place(delivery.sequence, std::move(delivery.response));
    for (const Delivery& delivery : deliveries)
        delivery.connection->turn();
}

std::optional<Instant> ServerCore::now() const
{
    return m_clock == nullptr ? std::nullopt : std::optional(m_clock->now());
}

bool ServerCore::isOver(Instant end) const
{
    return m_clock != nullptr && m_clock->now() >= end;
}

std::string_view ServerCore::date()
{
    return m_clock == nullptr ? std::string_view() : m_date.at(m_clock->now());
}

} // namespace billing::http
