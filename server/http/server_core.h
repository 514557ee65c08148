// What the listeners and connections of one Server share. Everything but the mailbox and the count of body
// bytes belongs to the io thread.
#pragma once

#include "server/http/connection.h"
#include "server/http/date_header.h"
#include "server/http/server.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <array>
#include <atomic>
#include <list>
#include <mutex>
#include <unordered_map>

namespace billing::http {

namespace asio = boost::asio;

struct Listener
{
    Listener(ListenerConfig given, TlsContext context, asio::io_context& io)
        : config(std::move(given))
        , tls(std::move(context))
        , acceptor(io)
        , retry(io)
    {
    }

    ListenerConfig config;
    TlsContext tls;
    asio::ip::tcp::acceptor acceptor;
    asio::steady_timer retry; ///< after running out of file descriptors
    mutable std::atomic<std::int64_t> openConnections = 0;
    mutable std::atomic<std::int64_t> refusedConnections = 0;
};

struct ServerCore : std::enable_shared_from_this<ServerCore>
{
    ServerCore(const ServerConfig& config, Handler requestHandler, RefusalWriter writer);

    void run();
    void stop(Duration grace);
    /// Any thread.
    void deliver(std::shared_ptr<Connection> connection, std::uint64_t sequence,
                 std::optional<Response> response);
    bool onIoThread();
    void forget(Connection* connection);
    /// It has proved who it is, or is gone; may be said twice.
    void handshakeEnded(Connection* connection);
    std::string_view date();
    /// Nothing without a clock.
    std::optional<Instant> now() const;
    bool isOver(Instant end) const;

    asio::io_context io{1};
    Limits limits;
    Handler handler;
    RefusalWriter refusalWriter;
    std::atomic<std::size_t> bodyBytesInFlight = 0;
    bool draining = false;
    std::vector<std::unique_ptr<Listener>> listeners;
    std::vector<Endpoint> endpoints;
    /// Where a readable socket is emptied; kept here so that a waiting connection holds no buffer.
    std::array<char, 64 * 1024> scratch = {};

private:
    struct Delivery
    {
        std::shared_ptr<Connection> connection;
        std::uint64_t sequence;
        std::optional<Response> response;
    };

    void accept(Listener& listener);
    void welcome(Listener& listener, asio::ip::tcp::socket socket);
    bool makeRoom();
    void beginDraining(Duration grace);
    void emptyMailbox();
    void postUnlessClosed(std::function<void()> task);

    const Clock* m_clock;
    DateHeader m_date;
    asio::executor_work_guard<asio::io_context::executor_type> m_work;
    asio::steady_timer m_grace;
    std::unordered_map<Connection*, std::shared_ptr<Connection>> m_connections;
    std::list<Connection*> m_handshakes; ///< the oldest first
    std::unordered_map<Connection*, std::list<Connection*>::iterator> m_handshakePlaces;

    std::mutex m_mailboxMutex; ///< guards the two below
    std::vector<Delivery> m_mailbox;
    bool m_closed = false; ///< run() has ended: answers go nowhere
};

} // namespace billing::http
