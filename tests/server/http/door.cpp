#include "tests/server/http/door.h"

#include "server/access/development_pki.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <arpa/inet.h>
#include <csignal>
#include <map>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace billing::http::test {

namespace {

int connectTo(std::uint16_t port)
{
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int connected = ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    BILLING_ASSERT(connected == 0);
    const int on = 1; // each piece leaves when it is sent
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    // A test that would wait for ever fails instead.
    const timeval patience = {20, 0};
    ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    return socket;
}

SSL_CTX* clientContext(Identity identity)
{
    static const std::map<Identity, std::pair<std::string, std::string>> files = {
        {Identity::Kernel, {"pki", "kernel"}}, {Identity::Console, {"pki", "console"}},
        {Identity::None, {"pki", ""}},         {Identity::OtherAuthority, {"other", "kernel"}},
        {Identity::Server, {"pki", "server"}},
    };
    const auto& [directory, name] = files.at(identity);
    SSL_CTX* context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_load_verify_file(context, (pki() / "ca.crt").c_str());
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    // The door's clock is the test's, so the client's is too.
    X509_VERIFY_PARAM_set_time(SSL_CTX_get0_param(context),
                               billing::test::ManualClock(doorOpens).now().micros() / 1'000'000);
    if (!name.empty()) {
        const auto base = pki(directory) / name;
        SSL_CTX_use_certificate_chain_file(context, (base.string() + ".crt").c_str());
        SSL_CTX_use_PrivateKey_file(context, (base.string() + ".key").c_str(), SSL_FILETYPE_PEM);
    }
    return context;
}

/// Bytes of the first whole answer, 0 when it is not whole yet.
std::size_t wholeAnswer(std::string_view bytes)
{
    const std::size_t end = bytes.find("\r\n\r\n");
    if (end == std::string_view::npos)
        return 0;
    const std::string_view head = bytes.substr(0, end + 2);
    const std::size_t length = head.find("Content-Length: ");
    std::size_t total = end + 4;
    if (length != std::string_view::npos)
        total += std::stoul(std::string(head.substr(length + 16, 12)));
    else if (head.find("chunked") != std::string_view::npos) {
        const std::size_t last = bytes.find("0\r\n\r\n", end + 4);
        return last == std::string_view::npos ? 0 : last + 5;
    }
    return bytes.size() >= total ? total : 0;
}

} // namespace

std::filesystem::path pki(const std::string& name)
{
    static const billing::test::TemporaryDirectory directory;
    const std::filesystem::path path = directory.path() / name;
    if (!std::filesystem::exists(path)) {
        const Result<void> made = access::createDevelopmentPki(path, billing::test::ManualClock(doorOpens));
        BILLING_ASSERT(made.has_value());
    }
    return path;
}

Door::Door(Handler handler, const Limits& limits, ClientCertificate clientCertificate)
    : Door(std::move(handler), limits,
           {"service",
            "127.0.0.1:0",
            {pki() / "server.crt", pki() / "server.key", pki() / "ca.crt"},
            clientCertificate})
{
}

Door::Door(Handler handler, const Limits& limits, const ListenerConfig& listener)
{
    auto noting = [this, handler = std::move(handler)](Request&& request, Responder responder) {
        {
            const std::scoped_lock lock(m_mutex);
            m_seen.push_back(request.method + " " + request.path);
        }
        handler(std::move(request), std::move(responder));
    };
    auto refusals = [](const Error& error, int status) {
        return Response{status, {}, "application/problem+json", std::string(wireName(error.code))};
    };
    auto server = Server::create({{listener}, limits, &m_clock}, noting, refusals);
    BILLING_ASSERT(server.has_value());
    m_server = std::move(*server);
    m_thread = std::thread([this] { m_server->run(); });
}

Door::~Door()
{
    stop(Duration::zero());
}

std::uint16_t Door::port() const
{
    return m_server->endpoints().at(0).port;
}

void Door::stop(Duration grace)
{
    m_server->stop(grace);
    if (m_thread.joinable())
        m_thread.join();
}

std::vector<std::string> Door::seen() const
{
    const std::scoped_lock lock(m_mutex);
    return m_seen;
}

Client::Client(std::uint16_t port, Identity identity)
    : Client(port, clientContext(identity))
{
}

Client::Client(std::uint16_t port, ssl_ctx_st* context, int version)
    : m_socket(connectTo(port))
{
    std::signal(SIGPIPE, SIG_IGN); // OpenSSL writes to a socket the door may just have closed
    m_ssl = SSL_new(context);
    SSL_CTX_free(context);
    if (version != 0) {
        SSL_set_min_proto_version(m_ssl, version);
        SSL_set_max_proto_version(m_ssl, version);
    }
    SSL_set_fd(m_ssl, m_socket);
    ERR_clear_error();
    if (SSL_connect(m_ssl) != 1) {
        noteAlert();
        SSL_free(m_ssl);
        m_ssl = nullptr;
    }
}

Client::~Client()
{
    SSL_free(m_ssl);
    ::close(m_socket);
}

void Client::send(std::string_view bytes)
{
    std::size_t written = 0;
    BILLING_ASSERT(m_ssl != nullptr);
    SSL_write_ex(m_ssl, bytes.data(), bytes.size(), &written);
}

bool Client::readMore()
{
    char buffer[16384];
    std::size_t count = 0;
    if (m_ssl == nullptr)
        return false;
    ERR_clear_error();
    if (SSL_read_ex(m_ssl, buffer, sizeof buffer, &count) != 1) {
        noteAlert();
        return false;
    }
    m_received.append(buffer, count);
    return true;
}

std::string Client::readAnswers(std::size_t count)
{
    std::size_t whole = 0;
    while (count > 0) {
        const std::size_t next = wholeAnswer(std::string_view(m_received).substr(whole));
        if (next > 0) {
            whole += next;
            --count;
        } else if (!readMore()) {
            return std::exchange(m_received, {});
        }
    }
    std::string answers = m_received.substr(0, whole);
    m_received.erase(0, whole);
    return answers;
}

std::string Client::readToEnd()
{
    while (readMore()) {
    }
    return std::exchange(m_received, {});
}

/// OpenSSL names an alert of the other side by a reason of its own.
void Client::noteAlert()
{
    const int reason = ERR_GET_REASON(ERR_peek_error());
    if (reason > SSL_AD_REASON_OFFSET)
        m_alert = reason - SSL_AD_REASON_OFFSET;
}

std::string Client::readBytes(std::size_t count)
{
    while (m_received.size() < count && readMore()) {
    }
    std::string bytes = m_received.substr(0, count);
    m_received.erase(0, bytes.size());
    return bytes;
}

std::string Client::readFinalAnswer()
{
    std::string answer = readAnswers(1);
    while (statusOf(answer) == 100)
        answer = readAnswers(1);
    return answer;
}

bool Client::endedByPeer() const
{
    return m_ssl != nullptr && (SSL_get_shutdown(m_ssl) & SSL_RECEIVED_SHUTDOWN) != 0;
}

void Client::endSending()
{
    SSL_shutdown(m_ssl);
}

std::string Client::sendPlain(std::uint16_t port, std::string_view bytes)
{
    const int socket = connectTo(port);
    [[maybe_unused]] const auto sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    std::string received;
    char buffer[4096];
    for (ssize_t count = 0; (count = ::recv(socket, buffer, sizeof buffer, 0)) > 0;)
        received.append(buffer, static_cast<std::size_t>(count));
    ::close(socket);
    return received;
}

int statusOf(std::string_view bytes)
{
    return bytes.substr(0, 9) == "HTTP/1.1 " && bytes.size() > 12 ? std::stoi(std::string(bytes.substr(9, 3)))
                                                                  : 0;
}

} // namespace billing::http::test
