#include "tests/shared/usage_client/scripted_server.h"

#include "tests/shared/usage_client/test_certificates.h"

#include <arpa/inet.h>
#include <charconv>
#include <csignal>
#include <mutex>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace billing::test {

namespace {

struct SslFree
{
    void operator()(SSL* ssl) const { SSL_free(ssl); }
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};

std::unique_ptr<SSL_CTX, SslFree> serverContext(const std::filesystem::path& directory)
{
    std::unique_ptr<SSL_CTX, SslFree> context(SSL_CTX_new(TLS_server_method()));
    const auto file = [&](const char* name) { return (directory / name).string(); };
    BILLING_ASSERT(
        SSL_CTX_use_certificate_file(context.get(), file("server.crt").c_str(), SSL_FILETYPE_PEM) == 1);
    BILLING_ASSERT(SSL_CTX_use_PrivateKey_file(context.get(), file("server.key").c_str(), SSL_FILETYPE_PEM) ==
                   1);
    BILLING_ASSERT(SSL_CTX_load_verify_file(context.get(), file("ca.crt").c_str()) == 1);
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    return context;
}

/// Listens on a free port of loopback.
int listenOnLoopback(std::uint16_t& port)
{
    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    BILLING_ASSERT(bind(listener, generic, size) == 0 && listen(listener, 8) == 0);
    BILLING_ASSERT(getsockname(listener, generic, &size) == 0);
    port = ntohs(address.sin_port);
    return listener;
}

std::string headerValue(const std::string& head, const std::string& name)
{
    const std::size_t at = head.find("\r\n" + name + ": ");
    if (at == std::string::npos)
        return {};
    const std::size_t start = at + name.size() + 4;
    return head.substr(start, head.find("\r\n", start) - start);
}

/// False at the end of the connection.
bool readRequest(SSL* ssl, std::string& buffer, SeenRequest& request)
{
    std::array<char, 16 * 1024> chunk;
    std::size_t wanted = std::string::npos;
    while (true) {
        const std::size_t headEnd = buffer.find("\r\n\r\n");
        if (headEnd != std::string::npos) {
            const std::string head = buffer.substr(0, headEnd + 2);
            const std::string length = headerValue(head, "Content-Length");
            std::size_t bodySize = 0;
            std::from_chars(length.data(), length.data() + length.size(), bodySize);
            wanted = headEnd + 4 + bodySize;
            if (buffer.size() >= wanted) {
                request.isGet = head.starts_with("GET ");
                const std::size_t target = head.find(' ') + 1;
                request.target = head.substr(target, head.find(' ', target) - target);
                request.token = headerValue(head, "Authorization").substr(7);
                request.body = buffer.substr(headEnd + 4, wanted - headEnd - 4);
                buffer.erase(0, wanted);
                return true;
            }
        }
        const int got = SSL_read(ssl, chunk.data(), static_cast<int>(chunk.size()));
        if (got <= 0)
            return false;
        buffer.append(chunk.data(), static_cast<std::size_t>(got));
    }
}

void answer(SSL* ssl, const Step& step)
{
    std::string text = "HTTP/1.1 " + std::to_string(step.status) +
                       " Scripted\r\nContent-Length: " + std::to_string(step.body.size()) + "\r\n";
    for (const std::string& header : step.headers)
        text += header + "\r\n";
    text += "\r\n" + step.body;
    SSL_write(ssl, text.data(), static_cast<int>(text.size()));
}

} // namespace

struct ScriptedServer::Machine
{
    std::vector<Step> script;
    Step plans;
    std::unique_ptr<SSL_CTX, SslFree> context;
    std::uint16_t port = 0;
    int listener = -1;
    mutable std::mutex mutex = {};
    std::vector<SeenRequest> seen = {};
    int open = -1; ///< the connection being served
    bool stopping = false;
    std::thread thread = {};

    void serve()
    {
        // A client that hangs up is part of the play, and must not end the test.
        sigset_t pipe;
        sigemptyset(&pipe);
        sigaddset(&pipe, SIGPIPE);
        pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
        for (int number = 1;; ++number) {
            const int connection = accept(listener, nullptr, nullptr);
            if (connection < 0 || !setOpen(connection)) {
                if (connection >= 0)
                    close(connection);
                return;
            }
            if (talk(connection, number) == Step::After::Reset) {
                const linger abortive{1, 0};
                setsockopt(connection, SOL_SOCKET, SO_LINGER, &abortive, sizeof abortive);
            }
            setOpen(-1);
            close(connection);
        }
    }

    bool setOpen(int connection)
    {
        const std::lock_guard lock(mutex);
        open = connection;
        return !stopping;
    }

    Step::After talk(int connection, int number)
    {
        std::unique_ptr<SSL, SslFree> ssl(SSL_new(context.get()));
        SSL_set_fd(ssl.get(), connection);
        if (SSL_accept(ssl.get()) != 1)
            return Step::After::KeepOpen;
        std::string buffer;
        SeenRequest request;
        request.connection = number;
        while (readRequest(ssl.get(), buffer, request)) {
            const Step step = next(request);
            if (step.after == Step::After::Reset)
                return step.after;
            answer(ssl.get(), step);
        }
        return Step::After::KeepOpen;
    }

    Step next(const SeenRequest& request)
    {
        if (request.isGet)
            return plans;
        const std::lock_guard lock(mutex);
        seen.push_back(request);
        return script[std::min(seen.size(), script.size()) - 1];
    }
};

ScriptedServer::ScriptedServer(std::vector<Step> script, Step plans)
{
    BILLING_ASSERT(!script.empty());
    makeCertificates(m_directory.path());
    m_machine = std::make_unique<Machine>();
    m_machine->script = std::move(script);
    m_machine->plans = std::move(plans);
    m_machine->context = serverContext(m_directory.path());
    m_machine->listener = listenOnLoopback(m_machine->port);
    m_machine->thread = std::thread([machine = m_machine.get()] { machine->serve(); });
}

ScriptedServer::~ScriptedServer()
{
    {
        const std::lock_guard lock(m_machine->mutex);
        m_machine->stopping = true;
        shutdown(m_machine->listener, SHUT_RDWR);
        if (m_machine->open >= 0)
            shutdown(m_machine->open, SHUT_RDWR);
    }
    m_machine->thread.join();
    close(m_machine->listener);
}

client::TransportOptions ScriptedServer::options() const
{
    client::TransportOptions options;
    options.serverUrl = "https://127.0.0.1:" + std::to_string(m_machine->port);
    options.certificateFile = file("client.crt");
    options.keyFile = file("client.key");
    options.authorityFile = file("ca.crt");
    return options;
}

std::string ScriptedServer::otherAuthorityFile() const
{
    return file("other.crt");
}

std::string ScriptedServer::file(std::string_view name) const
{
    return m_directory.file(name).string();
}

std::vector<SeenRequest> ScriptedServer::requests() const
{
    const std::lock_guard lock(m_machine->mutex);
    return m_machine->seen;
}

} // namespace billing::test
