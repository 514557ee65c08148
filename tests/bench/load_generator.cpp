#include "tests/bench/load_generator.h"

#include "shared/kernel/assert.h"

#include <openssl/ssl.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <deque>
#include <memory>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <unistd.h>

namespace billing::bench {

namespace {

using Steady = std::chrono::steady_clock;

struct FreeContext
{
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using Context = std::unique_ptr<SSL_CTX, FreeContext>;

Context makeContext(const LoadPlan& plan)
{
    Context context(SSL_CTX_new(TLS_client_method()));
    const std::string base = (plan.pki / "kernel").string();
    const bool loaded =
        SSL_CTX_load_verify_file(context.get(), (plan.pki / "ca.crt").c_str()) == 1 &&
        SSL_CTX_use_certificate_chain_file(context.get(), (base + ".crt").c_str()) == 1 &&
        SSL_CTX_use_PrivateKey_file(context.get(), (base + ".key").c_str(), SSL_FILETYPE_PEM) == 1;
    BILLING_ASSERT(loaded);
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_read_ahead(context.get(), 1);
    return context;
}

/// One answer at the front of `bytes`: its length and status, or 0 while it is not whole.
struct Answer
{
    std::size_t length = 0;
    int status = 0;
};

Answer wholeAnswer(std::string_view bytes)
{
    const std::size_t end = bytes.find("\r\n\r\n");
    if (end == std::string_view::npos || bytes.size() < 12)
        return {};
    Answer answer{end + 4, 0};
    std::from_chars(bytes.data() + 9, bytes.data() + 12, answer.status);
    constexpr std::string_view name = "\r\nContent-Length: ";
    const std::size_t field = bytes.substr(0, end).find(name);
    if (field != std::string_view::npos) {
        std::size_t body = 0;
        std::from_chars(bytes.data() + field + name.size(), bytes.data() + end, body);
        answer.length += body;
    }
    return answer.length <= bytes.size() ? answer : Answer{};
}

class LoadConnection
{
public:
    LoadConnection(const LoadPlan& plan, SSL_CTX* context);
    ~LoadConnection();
    LoadConnection(const LoadConnection&) = delete;
    LoadConnection& operator=(const LoadConnection&) = delete;

    int socket() const { return m_socket; }
    std::size_t underWay() const { return m_sentAt.size(); }
    /// Something waits for room in the socket.
    bool isUnsent() const { return m_outBegin < m_out.size(); }
    void push(const std::string& request, Steady::time_point due);
    /// False when the connection broke.
    bool flush();
    template <class OnAnswer>
    bool receive(OnAnswer&& onAnswer);

private:
    int m_socket;
    SSL* m_ssl;
    std::string m_out;
    std::size_t m_outBegin = 0;
    std::string m_in;
    std::size_t m_inBegin = 0;
    std::deque<Steady::time_point> m_sentAt;
};

LoadConnection::LoadConnection(const LoadPlan& plan, SSL_CTX* context)
    : m_socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    , m_ssl(SSL_new(context))
{
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(plan.port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int on = 1;
    ::setsockopt(m_socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const bool connected =
        ::connect(m_socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
        SSL_set_fd(m_ssl, m_socket) == 1 && SSL_connect(m_ssl) == 1 &&
        ::fcntl(m_socket, F_SETFL, O_NONBLOCK) == 0;
    BILLING_ASSERT(connected);
}

LoadConnection::~LoadConnection()
{
    SSL_free(m_ssl);
    ::close(m_socket);
}

void LoadConnection::push(const std::string& request, Steady::time_point due)
{
    m_out += request;
    m_sentAt.push_back(due);
}

bool LoadConnection::flush()
{
    while (m_outBegin < m_out.size()) {
        std::size_t written = 0;
        const int result =
            SSL_write_ex(m_ssl, m_out.data() + m_outBegin, m_out.size() - m_outBegin, &written);
        if (result != 1)
            return SSL_get_error(m_ssl, result) == SSL_ERROR_WANT_WRITE;
        m_outBegin += written;
    }
    m_out.clear();
    m_outBegin = 0;
    return true;
}

template <class OnAnswer>
bool LoadConnection::receive(OnAnswer&& onAnswer)
{
    std::array<char, 16384> buffer;
    bool alive = true;
    do { // epoll tells again of what stays in the socket, so nothing is asked of it in vain
        std::size_t count = 0;
        const int result = SSL_read_ex(m_ssl, buffer.data(), buffer.size(), &count);
        if (result != 1) {
            alive = SSL_get_error(m_ssl, result) == SSL_ERROR_WANT_READ;
            break;
        }
        m_in.append(buffer.data(), count);
    } while (SSL_has_pending(m_ssl) == 1);
    while (!m_sentAt.empty()) {
        const Answer answer = wholeAnswer(std::string_view(m_in).substr(m_inBegin));
        if (answer.length == 0)
            break;
        m_inBegin += answer.length;
        onAnswer(answer.status, m_sentAt.front());
        m_sentAt.pop_front();
    }
    if (m_inBegin == m_in.size()) {
        m_in.clear();
        m_inBegin = 0;
    }
    return alive;
}

class Load
{
public:
    explicit Load(const LoadPlan& plan);
    ~Load() { ::close(m_epoll); }
    Load(const Load&) = delete;
    Load& operator=(const Load&) = delete;

    LoadReport run();

private:
    std::string request(std::uint64_t number) const;
    void fill(LoadConnection& connection);
    void sendDue(Steady::time_point now);
    void serve(LoadConnection& connection);
    void flush(LoadConnection& connection);
    timespec patience(Steady::time_point now) const;

    const LoadPlan& m_plan;
    std::string m_head;
    Context m_context;
    int m_epoll;
    std::vector<std::unique_ptr<LoadConnection>> m_connections;
    std::uint64_t m_next = 0;         ///< number of the next request
    std::size_t m_nextConnection = 0; ///< at a fixed rate, they take turns
    bool m_allBusy = false;           ///< so that what is due waits for an answer
    Steady::time_point m_start;
    Steady::time_point m_countFrom;
    LoadReport m_report;
};

Load::Load(const LoadPlan& plan)
    : m_plan(plan)
    , m_context(makeContext(plan))
    , m_epoll(::epoll_create1(EPOLL_CLOEXEC))
{
    m_head =
        plan.method + " " + plan.path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + plan.contentType;
    if (!plan.token.empty())
        m_head += "\r\nAuthorization: Bearer " + plan.token;
    m_head += "\r\nContent-Length: ";
    for (std::size_t i = 0; i < plan.connections; ++i) {
        m_connections.push_back(std::make_unique<LoadConnection>(plan, m_context.get()));
        epoll_event event = {};
        event.events = EPOLLIN;
        event.data.ptr = m_connections.back().get();
        ::epoll_ctl(m_epoll, EPOLL_CTL_ADD, m_connections.back()->socket(), &event);
    }
}

std::string Load::request(std::uint64_t number) const
{
    const std::string body = m_plan.body ? m_plan.body(number) : std::string();
    std::string text;
    text.reserve(m_head.size() + body.size() + 16);
    return text.append(m_head).append(std::to_string(body.size())).append("\r\n\r\n").append(body);
}

void Load::fill(LoadConnection& connection)
{
    const Steady::time_point now = Steady::now();
    while (connection.underWay() < m_plan.pipelining)
        connection.push(request(m_next++), now);
    flush(connection);
}

void Load::flush(LoadConnection& connection)
{
    const bool wasUnsent = connection.isUnsent();
    if (!connection.flush())
        m_report.failure = "the server closed a connection";
    if (!wasUnsent && !connection.isUnsent())
        return;
    epoll_event event = {};
    event.events = connection.isUnsent() ? EPOLLIN | EPOLLOUT : EPOLLIN;
    event.data.ptr = &connection;
    ::epoll_ctl(m_epoll, EPOLL_CTL_MOD, connection.socket(), &event);
}

/// At a fixed rate: sends every request that is due. When all pipelines are full it waits, but still counts
/// the latency from the due moment.
void Load::sendDue(Steady::time_point now)
{
    const auto interval = std::chrono::duration<double>(1.0 / m_plan.requestsPerSecond);
    std::size_t full = 0;
    while (full < m_connections.size()) {
        const auto due =
            m_start + std::chrono::duration_cast<Steady::duration>(interval * static_cast<double>(m_next));
        if (due > now)
            break;
        LoadConnection& connection = *m_connections[m_nextConnection];
        m_nextConnection = (m_nextConnection + 1) % m_connections.size();
        if (connection.underWay() >= m_plan.pipelining) {
            ++full;
            continue;
        }
        full = 0;
        connection.push(request(m_next++), due);
        flush(connection);
    }
    m_allBusy = full == m_connections.size();
}

void Load::serve(LoadConnection& connection)
{
    const Steady::time_point now = Steady::now();
    const bool alive = connection.receive([&](int status, Steady::time_point sentAt) {
        if (now < m_countFrom)
            return;
        ++m_report.answers;
        m_report.latency.add(now - sentAt);
        if (status < 200 || status > 299) {
            if (m_report.refused++ == 0)
                m_report.firstRefusal = status;
        }
    });
    if (!alive)
        m_report.failure = "the server closed a connection";
    else if (m_plan.requestsPerSecond <= 0)
        fill(connection);
    else if (connection.isUnsent())
        flush(connection);
}

/// Until the next request is due, to the nanosecond: a wait in whole milliseconds would be none at all, and
/// whoever spins takes a processor from the server. An answer ends it in any case.
timespec Load::patience(Steady::time_point now) const
{
    using namespace std::chrono;
    auto left = duration_cast<nanoseconds>(milliseconds(100));
    if (m_plan.requestsPerSecond > 0 && !m_allBusy) {
        const auto due = m_start + duration_cast<Steady::duration>(duration<double>(
                                       static_cast<double>(m_next) / m_plan.requestsPerSecond));
        left = std::clamp(duration_cast<nanoseconds>(due - now), nanoseconds(0), left);
    }
    return {0, left.count()};
}

LoadReport Load::run()
{
    m_start = Steady::now();
    m_countFrom = m_start + m_plan.warmUp;
    const Steady::time_point end = m_countFrom + m_plan.duration;
    if (m_plan.requestsPerSecond <= 0) {
        for (const auto& connection : m_connections)
            fill(*connection);
    }
    std::array<epoll_event, 256> events;
    Steady::time_point now = m_start;
    while (now < end && m_report.failure.empty()) {
        if (m_plan.requestsPerSecond > 0)
            sendDue(now);
        const timespec patient = patience(now);
        const int ready =
            ::epoll_pwait2(m_epoll, events.data(), static_cast<int>(events.size()), &patient, nullptr);
        for (int i = 0; i < ready; ++i)
            serve(*static_cast<LoadConnection*>(events[static_cast<std::size_t>(i)].data.ptr));
        now = Steady::now();
    }
    m_report.seconds = std::chrono::duration<double>(now - m_countFrom).count();
    return std::move(m_report);
}

} // namespace

void LatencyHistogram::add(std::chrono::nanoseconds latency)
{
    const auto micros = static_cast<std::uint64_t>(std::max<std::int64_t>(latency.count() / 1000, 1));
    const auto doubling = static_cast<std::size_t>(std::bit_width(micros) - 1);
    const std::uint64_t within = ((micros - (std::uint64_t{1} << doubling)) * stepsPerDoubling) >> doubling;
    const std::size_t index = doubling * stepsPerDoubling + static_cast<std::size_t>(within);
    ++m_counts[std::min(index, m_counts.size() - 1)];
    ++m_count;
    m_maxMicros = std::max(m_maxMicros, micros);
}

double LatencyHistogram::quantileMs(double share) const
{
    const auto wanted = static_cast<std::uint64_t>(share * static_cast<double>(m_count));
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < m_counts.size(); ++i) {
        seen += m_counts[i];
        if (seen > wanted || (seen == m_count && m_count > 0)) {
            const double base = static_cast<double>(std::uint64_t{1} << (i / stepsPerDoubling));
            const double step =
                static_cast<double>(i % stepsPerDoubling + 1) / static_cast<double>(stepsPerDoubling);
            return base * (1 + step) / 1000;
        }
    }
    return 0;
}

double LatencyHistogram::maxMs() const
{
    return static_cast<double>(m_maxMicros) / 1000;
}

LoadReport runLoad(const LoadPlan& plan)
{
    std::signal(SIGPIPE, SIG_IGN); // OpenSSL writes to a socket the server may have closed
    return Load(plan).run();
}

} // namespace billing::bench
