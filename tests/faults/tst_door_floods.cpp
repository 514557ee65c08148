// Goal: clients that hold connections without using them are closed at their deadline, cost no memory beyond
// theirs, and keep nobody waiting. Method: a real http::Server in a child process with deadlines of a second;
// one good client asks without pause, first alone, then beside each flood; every one of its requests must be
// answered, every connection of the flood must be closed by the door, and the good client's p99 must stay
// under twice its baseline (or the baseline plus a floor, since the machine is shared; the best of three runs
// counts). One line of JSON for each flood. The control is a door without deadlines, which must close
// nothing. BILLING_TRIALS is the number of connections, 200 without it.
#include "tests/server/http/door.h"
#include "tests/support/printing.h"
#include "tests/support/process.h"

#include <QCoreApplication>
#include <QTest>

#include <openssl/ssl.h>

#include <algorithm>
#include <condition_variable>
#include <csignal>
#include <fstream>
#include <iostream>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace billing;
using namespace billing::http;
using billing::http::test::Client;

namespace {

using SteadyClock = std::chrono::steady_clock;
using Milliseconds = std::chrono::milliseconds;

constexpr Milliseconds deadline(1000);
constexpr Milliseconds measured(2000);
constexpr Milliseconds stepPause(50);
constexpr double floorMs = 5.0;
constexpr int attempts = 3;
constexpr std::size_t spareConnections = 20;

std::size_t floodSize()
{
    const char* given = std::getenv("BILLING_TRIALS");
    return given == nullptr ? 200 : std::stoul(given);
}

// The child: a door with short deadlines, or with none
// ---------------------------------------------------------------------------------------------------------

int serveDoor(const std::filesystem::path& pki, std::chrono::seconds patience)
{
    Limits limits;
    limits.handshakeAndHeader = limits.body = limits.idle = limits.stalledWrite = patience;
    limits.connections = floodSize() + spareConnections;
    limits.bodyBytesInFlight = 512 * 1024 * 1024; // the deadline is on trial here, not the limit
    const billing::test::ManualClock clock(http::test::doorOpens);
    const auto handler = [](Request&& request, const Responder& respond) {
        if (request.path == "/endless")
            respond({200, {}, {}, PullSource([]() -> Result<std::string> {
                         return std::string(16 * 1024, 'x');
                     })});
        else
            respond({200, {}, "text/plain", "fine"});
    };
    const auto refusal = [](const Error&, int status) { return Response{status}; };
    auto server = Server::create(
        {{{"service", "127.0.0.1:0", {pki / "server.crt", pki / "server.key", pki / "ca.crt"}}},
         limits,
         &clock},
        handler, refusal);
    BILLING_ASSERT(server.has_value());
    std::thread parent([&server] {
        std::string line;
        std::getline(std::cin, line); // ends when the parent does
        (*server)->stop(Duration::zero());
    });
    std::cout << (*server)->endpoints().front().port << std::endl;
    (*server)->run();
    parent.join();
    return 0;
}

class DoorProcess
{
public:
    explicit DoorProcess(std::chrono::seconds patience)
        : m_process({QCoreApplication::applicationFilePath().toStdString(),
                     {"--door", http::test::pki().string(), std::to_string(patience.count())}})
    {
        const auto line = m_process.readLine(std::chrono::seconds(20));
        BILLING_ASSERT(line.has_value());
        m_port = static_cast<std::uint16_t>(std::stoi(*line));
    }
    ~DoorProcess() { m_process.closeInput(); }

    std::uint16_t port() const { return m_port; }
    bool runs() const { return m_process.processId() != 0; }
    std::size_t memoryKiB() const
    {
        std::ifstream status("/proc/" + std::to_string(m_process.processId()) + "/status");
        for (std::string line; std::getline(status, line);) {
            if (line.starts_with("VmRSS:"))
                return std::stoul(line.substr(6));
        }
        return 0;
    }

private:
    billing::test::Process m_process;
    std::uint16_t m_port = 0;
};

// The clients
// -----------------------------------------------------------------------------------------------------------

/// One context for all, as a process has; each Client gives back one reference.
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

/// One connection of a flood.
class Nuisance
{
public:
    virtual ~Nuisance() = default;
    virtual int native() = 0;
    virtual void poke() {}
};

using MakeNuisance = std::function<std::unique_ptr<Nuisance>(std::uint16_t port)>;

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
        for (int i = 0; i < 200 && m_client.connected(); ++i) {
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

/// Keeps so many connections open, replacing what the door closes, on a thread of its own.
class Flood
{
public:
    Flood(std::uint16_t port, MakeNuisance make, std::size_t size)
        : m_port(port)
        , m_make(std::move(make))
    {
        for (std::size_t i = 0; i < size; ++i)
            m_connections.push_back(m_make(m_port));
        m_thread = std::thread([this] { run(); });
    }
    ~Flood() { stop(); }
    void stop()
    {
        {
            const std::scoped_lock lock(m_mutex);
            m_stopping = true;
        }
        m_changed.notify_all();
        if (m_thread.joinable())
            m_thread.join();
        m_connections.clear();
    }
    /// False when the door has not closed so many by then.
    bool waitUntilClosed(std::size_t count, std::chrono::seconds limit)
    {
        std::unique_lock lock(m_mutex);
        return m_changed.wait_for(lock, limit, [&] { return m_closed >= count; });
    }
    std::size_t closed() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_closed;
    }

private:
    void run()
    {
        std::unique_lock lock(m_mutex);
        while (!m_stopping) {
            lock.unlock();
            std::size_t closed = 0;
            for (auto& connection : m_connections) {
                const int socket = connection->native();
                if (socket < 0 || endedByDoor(socket)) {
                    ++closed;
                    connection.reset();
                    connection = m_make(m_port);
                }
                connection->poke();
            }
            lock.lock();
            m_closed += closed;
            m_changed.notify_all();
            m_changed.wait_for(lock, stepPause, [&] { return m_stopping; });
        }
    }

    const std::uint16_t m_port;
    const MakeNuisance m_make;
    std::vector<std::unique_ptr<Nuisance>> m_connections;
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_stopping = false;
    std::size_t m_closed = 0;
    std::thread m_thread;
};

struct GoodClient
{
    std::size_t asked = 0;
    std::size_t answered = 0;
    std::size_t newcomers = 0; ///< further connections, one for every hundredth request
    std::size_t admitted = 0;
    double p50Ms = 0;
    double p99Ms = 0;
};

GoodClient askFor(std::uint16_t port, Milliseconds time)
{
    GoodClient result;
    std::vector<double> latencies;
    Client client(port, kernelContext());
    const auto end = SteadyClock::now() + time;
    auto nextNewcomer = SteadyClock::now();
    while (SteadyClock::now() < end && result.answered == result.asked) {
        ++result.asked;
        const auto start = SteadyClock::now();
        if (client.connected())
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        result.answered += http::test::statusOf(client.readAnswers(1)) == 200 ? 1U : 0U;
        latencies.push_back(std::chrono::duration<double, std::milli>(SteadyClock::now() - start).count());
        if (SteadyClock::now() < nextNewcomer)
            continue;
        nextNewcomer += Milliseconds(200);
        ++result.newcomers;
        Client newcomer(port, kernelContext());
        if (newcomer.connected()) {
            newcomer.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            result.admitted += http::test::statusOf(newcomer.readAnswers(1)) == 200 ? 1U : 0U;
        }
    }
    std::sort(latencies.begin(), latencies.end());
    result.p50Ms = latencies[latencies.size() / 2];
    result.p99Ms = latencies[latencies.size() * 99 / 100];
    return result;
}

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

const std::map<std::string, MakeNuisance>& floods()
{
    static const std::string hello = helloOfOpenSsl();
    static const std::map<std::string, MakeNuisance> all = {
        {"slow_header", tls("GET / HTTP/1.1\r\nHost: a\r\nX: ", "x")},
        {"slow_body",
         tls("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n" + std::string(64 * 1024, 'x'),
             "x")},
        {"slow_read", tls("GET /endless HTTP/1.1\r\nHost: a\r\n\r\n", {})},
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

} // namespace

class TestDoorFloods : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void staysOpenForGoodClients_data();
    void staysOpenForGoodClients();
    void takesAsManyAsBefore();
    void closesNothingWithoutDeadlines();

private:
    std::unique_ptr<DoorProcess> m_door;
};

void TestDoorFloods::initTestCase()
{
    std::signal(SIGPIPE, SIG_IGN);
    m_door = std::make_unique<DoorProcess>(std::chrono::duration_cast<std::chrono::seconds>(deadline));
}

void TestDoorFloods::staysOpenForGoodClients_data()
{
    QTest::addColumn<QByteArray>("name");
    for (const auto& [name, make] : floods())
        QTest::newRow(name.c_str()) << QByteArray::fromStdString(name);
}

void TestDoorFloods::staysOpenForGoodClients()
{
    QFETCH(QByteArray, name);
    const std::size_t size = floodSize();
    bool swift = false;
    for (int attempt = 1; attempt <= attempts && !swift; ++attempt) {
        const GoodClient baseline = askFor(m_door->port(), measured / 2);
        QCOMPARE(baseline.answered, baseline.asked);
        Flood flood(m_door->port(), floods().at(name.toStdString()), size);
        // Once all have been closed and replaced, the flood has had what memory it can get.
        QVERIFY(flood.waitUntilClosed(size, std::chrono::seconds(60)));
        const std::size_t memoryBefore = m_door->memoryKiB();
        const GoodClient beside = askFor(m_door->port(), measured);
        const std::size_t memoryAfter = m_door->memoryKiB();
        const std::size_t closed = flood.closed();
        flood.stop();
        swift = beside.p99Ms <= std::max(2 * baseline.p99Ms, baseline.p99Ms + floorMs);
        qInfo(
            R"({"flood":"%s","connections":%zu,"attempt":%d,"closed_by_door":%zu,"asked":%zu,"answered":%zu,)"
            R"("newcomers":%zu,"admitted":%zu,"baseline_p50_ms":%.3f,"baseline_p99_ms":%.3f,"p50_ms":%.3f,)"
            R"("p99_ms":%.3f,"rss_kib":%zu,"rss_later_kib":%zu})",
            name.constData(), size, attempt, closed, beside.asked, beside.answered, beside.newcomers,
            beside.admitted, baseline.p50Ms, baseline.p99Ms, beside.p50Ms, beside.p99Ms, memoryBefore,
            memoryAfter);
        QVERIFY(m_door->runs());
        QCOMPARE(beside.answered, beside.asked);
        QCOMPARE(beside.admitted, beside.newcomers);
        QVERIFY(memoryAfter <= memoryBefore + memoryBefore / 10 + 16 * 1024);
    }
    QVERIFY2(swift, "p99 beside the flood, three times");
}

void TestDoorFloods::takesAsManyAsBefore()
{
    // Whatever the floods held is free again: all but a few of the places can be taken at once.
    std::vector<std::unique_ptr<Client>> clients;
    for (std::size_t i = 0; i < floodSize() + spareConnections / 2; ++i)
        clients.push_back(std::make_unique<Client>(m_door->port(), kernelContext()));
    clients.back()->send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    QCOMPARE(http::test::statusOf(clients.back()->readAnswers(1)), 200);
    for (const auto& client : clients)
        QVERIFY(client->connected());
}

void TestDoorFloods::closesNothingWithoutDeadlines()
{
    const DoorProcess patient(std::chrono::hours(1));
    for (const char* name : {"slow_header", "slow_body", "slow_read", "idle", "handshake_half"}) {
        Flood flood(patient.port(), floods().at(name), 10);
        QVERIFY2(!flood.waitUntilClosed(1, std::chrono::duration_cast<std::chrono::seconds>(2 * deadline)),
                 name);
    }
}

int main(int count, char** values)
{
    if (count == 4 && std::string_view(values[1]) == "--door")
        return serveDoor(values[2], std::chrono::seconds(std::stoi(values[3])));
    QCoreApplication application(count, values);
    TestDoorFloods test;
    return QTest::qExec(&test, count, values);
}

#include "tst_door_floods.moc"
