#include "tests/server/storage/postgres/commit_cutter.h"

#include "shared/kernel/assert.h"

#include <array>
#include <string_view>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace billing::test {

namespace {

sockaddr_in loopback(std::uint16_t port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

const sockaddr* generic(const sockaddr_in& address)
{
    return reinterpret_cast<const sockaddr*>(&address);
}

void sendAll(int to, std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t sent = ::send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0)
            return; // the other side is gone, which its own end tells
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

/// A simple query's message, with its length and its NUL.
constexpr std::string_view commitMessage("Q\0\0\0\x0b"
                                         "COMMIT\0",
                                         12);

} // namespace

struct CommitCutter::Link
{
    int client;
    int server;
    bool isOpen = true;
    bool isMute = false;

    void close()
    {
        ::close(client);
        ::close(server);
        isOpen = false;
    }
};

CommitCutter::CommitCutter(std::uint16_t serverPort)
    : m_serverPort(serverPort)
    , m_listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
{
    const sockaddr_in any = loopback(0);
    BILLING_ASSERT(::bind(m_listener, generic(any), sizeof any) == 0 && ::listen(m_listener, 16) == 0);
    sockaddr_in bound{};
    socklen_t size = sizeof bound;
    BILLING_ASSERT(::getsockname(m_listener, reinterpret_cast<sockaddr*>(&bound), &size) == 0);
    m_port = ntohs(bound.sin_port);
    BILLING_ASSERT(::pipe(m_end) == 0);
    m_thread = std::thread([this] { run(); });
}

CommitCutter::~CommitCutter()
{
    BILLING_ASSERT(::write(m_end[1], "x", 1) == 1);
    m_thread.join();
    for (const int descriptor : {m_end[0], m_end[1], m_listener})
        ::close(descriptor);
}

void CommitCutter::run()
{
    std::vector<Link> links;
    for (;;) {
        std::vector<pollfd> waits{{m_end[0], POLLIN, 0}, {m_listener, POLLIN, 0}};
        for (const Link& link : links) {
            waits.push_back({link.isMute ? -1 : link.client, POLLIN, 0});
            waits.push_back({link.isMute ? -1 : link.server, POLLIN, 0});
        }
        ::poll(waits.data(), waits.size(), -1);
        if (waits[0].revents != 0)
            break;
        for (std::size_t i = 0; i < links.size(); ++i)
            if (waits[2 + 2 * i].revents != 0 || waits[3 + 2 * i].revents != 0)
                forward(links[i]);
        std::erase_if(links, [](const Link& link) { return !link.isOpen; });
        if (waits[1].revents == 0)
            continue;
        Link link{::accept(m_listener, nullptr, nullptr), ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
        const sockaddr_in server = loopback(m_serverPort);
        if (::connect(link.server, generic(server), sizeof server) == 0)
            links.push_back(link);
        else
            link.close();
    }
    for (Link& link : links)
        link.close();
}

void CommitCutter::forward(Link& link)
{
    std::array<char, 65536> bytes{};
    for (const auto& [from, to] :
         {std::pair(link.client, link.server), std::pair(link.server, link.client)}) {
        const ssize_t size = ::recv(from, bytes.data(), bytes.size(), MSG_DONTWAIT);
        if (size < 0)
            continue; // nothing from this side yet
        if (size == 0)
            return link.close();
        const std::string_view message(bytes.data(), static_cast<std::size_t>(size));
        const Cut cut =
            from == link.client && message == commitMessage ? m_next.exchange(Cut::Nothing) : Cut::Nothing;
        if (cut != Cut::Request)
            sendAll(to, message);
        if (cut == Cut::Nothing)
            continue;
        if (cut == Cut::Answer || cut == Cut::Silence) { // the server speaks when it is done
            pollfd answer{link.server, POLLIN, 0};
            ::poll(&answer, 1, -1);
        }
        ++m_cuts;
        link.isMute = cut == Cut::Silence;
        return link.isMute ? void() : link.close();
    }
}

} // namespace billing::test
