// Goal: what the door promises while things go well or slowly: answers in order from any thread, bodies of
// every kind, limits on connections and time, a stop that loses nothing. Method: a real server on a loopback
// port and a raw TLS client; deadlines are set to milliseconds and the test waits for the event itself.
//
// Tests: connection.cpp connection_deadlines.cpp header_fields.cpp responder.cpp server_core.cpp
#include "tests/server/http/door.h"
#include "tests/support/dies.h"
#include "tests/support/printing.h"

#include <QTest>

#include <condition_variable>
#include <fstream>

using namespace billing;
using namespace billing::http;
using billing::http::test::Client;
using billing::http::test::Door;
using billing::http::test::statusOf;

namespace {

const std::string get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

std::string getPath(const std::string& path)
{
    return std::string("GET ").append(path).append(" HTTP/1.1\r\nHost: a\r\n\r\n");
}

std::string numbered(int number)
{
    return std::string("/").append(std::to_string(number));
}

void answerOk(Request&&, Responder respond)
{
    respond({200, {}, "text/plain", "fine"});
}

/// Holds requests back until the test answers them.
class Held
{
public:
    Handler handler()
    {
        return [this](Request&& request, Responder respond) {
            const std::scoped_lock lock(m_mutex);
            m_held.emplace_back(request.path, std::move(respond));
            m_changed.notify_all();
        };
    }
    std::vector<std::pair<std::string, Responder>> take(std::size_t count)
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [&] { return m_held.size() >= count; });
        return std::exchange(m_held, {});
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::vector<std::pair<std::string, Responder>> m_held;
};

} // namespace

class TestServer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusesBadConfiguration_data();
    void refusesBadConfiguration();
    void refusesAKeyOthersMayRead();
    void answersARequestWithItsFacts();
    void keepsTheOrderOfPipelinedAnswers();
    void doesNotRunMoreThanThePipelineHolds();
    void answersFiveHundredForAForgottenRequest();
    void diesOfASecondAnswer();
    void sendsEveryKindOfBody_data();
    void sendsEveryKindOfBody();
    void cutsABodyItCannotComplete();
    void answersHeadWithoutBody();
    void refusesAHeaderWithALineBreak();
    void takesABodyInPieces();
    void answersAClientThatEndedItsSide();
    void closesSlowClients_data();
    void closesSlowClients();
    void closesConnectionsOverTheCap();
    void closesAnOldConnectionAfterItsAnswer();
    void stopFinishesWhatIsInFlight();
    void stopCutsWhatOutlivesTheGrace();
    void stopBeforeRunReturns();
};

void TestServer::refusesBadConfiguration_data()
{
    QTest::addColumn<QByteArray>("address");
    QTest::addColumn<QByteArray>("certificate");
    QTest::addColumn<QByteArray>("code");
    QTest::newRow("no port") << QByteArray("127.0.0.1") << QByteArray("server.crt")
                             << QByteArray("invalid_configuration");
    QTest::newRow("a name") << QByteArray("localhost:0") << QByteArray("server.crt")
                            << QByteArray("invalid_configuration");
    QTest::newRow("port 65536") << QByteArray("127.0.0.1:65536") << QByteArray("server.crt")
                                << QByteArray("invalid_configuration");
    QTest::newRow("bare IPv6") << QByteArray("::1:0") << QByteArray("server.crt")
                               << QByteArray("invalid_configuration");
    QTest::newRow("not ours") << QByteArray("192.0.2.1:0") << QByteArray("server.crt")
                              << QByteArray("listen_failed");
    QTest::newRow("no certificate") << QByteArray("127.0.0.1:0") << QByteArray("absent.crt")
                                    << QByteArray("file_unreadable");
    QTest::newRow("another's certificate")
        << QByteArray("127.0.0.1:0") << QByteArray("kernel.crt") << QByteArray("invalid_configuration");
    QTest::newRow("twin") << QByteArray("127.0.0.1:0") << QByteArray("server.crt") << QByteArray("fine");
}

void TestServer::refusesBadConfiguration()
{
    QFETCH(QByteArray, address);
    QFETCH(QByteArray, certificate);
    QFETCH(QByteArray, code);
    const auto pki = http::test::pki();
    const ListenerConfig listener = {"service",
                                     address.toStdString(),
                                     {pki / certificate.toStdString(), pki / "server.key", pki / "ca.crt"}};
    const auto server =
        Server::create({{listener}}, answerOk, [](const Error&, int status) { return Response{status}; });
    QCOMPARE(server ? std::string("fine") : std::string(wireName(server.error().code)), code.toStdString());
}

void TestServer::refusesAKeyOthersMayRead()
{
    const billing::test::TemporaryDirectory directory;
    const auto key = directory.file("open.key");
    std::filesystem::copy_file(http::test::pki() / "server.key", key);
    std::filesystem::permissions(key, std::filesystem::perms(0644));
    const ListenerConfig listener = {
        "service", "127.0.0.1:0", {http::test::pki() / "server.crt", key, http::test::pki() / "ca.crt"}};
    const auto server =
        Server::create({{listener}}, answerOk, [](const Error&, int status) { return Response{status}; });
    QVERIFY(!server);
    QCOMPARE(server.error().code, ErrorCode::InvalidConfiguration);
    QCOMPARE(server.error().subject, key.string());
}

void TestServer::answersARequestWithItsFacts()
{
    Door door([](Request&& request, Responder respond) {
        std::string facts;
        const auto note = [&facts](std::string_view fact) { facts.append(fact).append("|"); };
        for (const std::string* fact : {&request.method, &request.path, &request.listener, &request.body})
            note(*fact);
        for (const auto& [name, value] : request.query) {
            note(name);
            note(value);
        }
        note(request.header("x-one").value_or("none"));
        note(std::to_string(request.headers.count("X-ONE")));
        note(request.peer ? std::string_view(request.peer->subject) : "nobody");
        respond({200, {{"X-Answer", "yes"}}, "text/plain", std::move(facts)});
    });
    Client client(door.port());
    client.send("POST /a%20b?x=1&y=%2B+&x= HTTP/1.1\r\nHost: a\r\nX-One:  first \r\nx-ONE: second\r\n"
                "Content-Length: 2\r\n\r\nhi");
    const std::string answer = client.readAnswers(1);
    QCOMPARE(answer, std::string("HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
                                 "Content-Type: text/plain\r\nContent-Length: 65\r\nX-Answer: yes\r\n\r\n"
                                 "POST|/a b|service|hi|x|1|y|++|x||first|2|urn:enis:service:kernel|"));
}

void TestServer::keepsTheOrderOfPipelinedAnswers()
{
    Held held;
    Door door(held.handler());
    Client client(door.port());
    std::string requests;
    for (int i = 0; i < 20; ++i)
        requests += getPath(numbered(i));
    client.send(requests);
    auto waiting = held.take(20);
    // Answered backwards, and by two threads at once.
    std::vector<std::thread> threads;
    for (std::size_t half = 0; half < 2; ++half) {
        threads.emplace_back([&waiting, half] {
            for (std::size_t i = waiting.size(); i-- > 0;) {
                if (i % 2 == half)
                    waiting[i].second({200, {}, "text/plain", waiting[i].first});
            }
        });
    }
    for (std::thread& thread : threads)
        thread.join();
    for (int i = 0; i < 20; ++i) {
        const std::string answer = client.readAnswers(1);
        QCOMPARE(answer.substr(answer.find("\r\n\r\n") + 4), numbered(i));
    }
}

void TestServer::doesNotRunMoreThanThePipelineHolds()
{
    Held held;
    Limits limits;
    limits.pipelined = 2;
    Door door(held.handler(), limits);
    Client client(door.port());
    client.send(get + get + getPath("/third"));
    auto first = held.take(2);
    QCOMPARE(door.seen().size(), std::size_t{2});
    first[0].second({});
    QCOMPARE(held.take(1).at(0).first, std::string("/third"));
    first[1].second({});
}

void TestServer::answersFiveHundredForAForgottenRequest()
{
    Held held;
    Door door(held.handler());
    Client client(door.port());
    client.send(get + getPath("/later"));
    auto waiting = held.take(2);
    waiting[1].second({200, {}, {}, "second"});
    waiting.clear(); // the first one's last handle goes here, on another thread than the door's
    QCOMPARE(statusOf(client.readAnswers(1)), 500);
    QCOMPARE(statusOf(client.readAnswers(1)), 200);
}

void TestServer::diesOfASecondAnswer()
{
    QVERIFY(billing::test::diesByAssertion([] {
        const Responder respond = Responder::toFunction([](Response) {});
        respond({});
        respond({});
    }));
    QVERIFY(!billing::test::diesByAssertion([] { Responder::toFunction([](Response) {})({}); }));
}

void TestServer::sendsEveryKindOfBody_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<int>("size");
    QTest::addColumn<QByteArray>("framing");
    QTest::newRow("bytes, empty") << QByteArray("/bytes") << 0 << QByteArray("Content-Length: 0\r\n");
    QTest::newRow("bytes, 3 MiB") << QByteArray("/bytes") << 3 * 1024 * 1024
                                  << QByteArray("Content-Length: 3145728\r\n");
    QTest::newRow("file, empty") << QByteArray("/file") << 0 << QByteArray("Content-Length: 0\r\n");
    QTest::newRow("file, 3 MiB") << QByteArray("/file") << 3 * 1024 * 1024
                                 << QByteArray("Content-Length: 3145728\r\n");
    QTest::newRow("source, empty") << QByteArray("/source") << 0
                                   << QByteArray("Transfer-Encoding: chunked\r\n");
    QTest::newRow("source, 3 MiB") << QByteArray("/source") << 3 * 1024 * 1024
                                   << QByteArray("Transfer-Encoding: chunked\r\n");
}

void TestServer::sendsEveryKindOfBody()
{
    QFETCH(QByteArray, path);
    QFETCH(int, size);
    QFETCH(QByteArray, framing);
    const billing::test::TemporaryDirectory directory;
    const std::string bytes(static_cast<std::size_t>(size), 'z');
    std::ofstream(directory.file("body"), std::ios::binary) << bytes;
    Door door([&](Request&& request, Responder respond) {
        if (request.path == "/bytes")
            respond({200, {}, {}, bytes});
        else if (request.path == "/file")
            respond({200, {}, {}, FileBody{directory.file("body")}});
        else
            respond({200, {}, {}, [left = bytes.size()]() mutable -> Result<std::string> {
                         const std::size_t piece = std::min<std::size_t>(left, 10'000);
                         left -= piece;
                         return std::string(piece, 'z');
                     }});
    });
    Client client(door.port());
    client.send(getPath(path.toStdString()) + getPath("/bytes"));
    const std::string answer = client.readAnswers(1);
    QVERIFY(answer.find(framing.toStdString()) != std::string::npos);
    QCOMPARE(std::count(answer.begin(), answer.end(), 'z'), std::ptrdiff_t{size});
    QCOMPARE(statusOf(client.readAnswers(1)), 200);
}

void TestServer::cutsABodyItCannotComplete()
{
    Door door([](Request&& request, Responder respond) {
        if (request.path == "/absent")
            respond({200, {}, {}, FileBody{"/nonexistent/file"}});
        else
            respond({200, {}, {}, [count = 0]() mutable -> Result<std::string> {
                         if (++count == 3)
                             return ErrorCode::StorageUnavailable;
                         return std::string("piece");
                     }});
    });
    Client client(door.port());
    client.send(getPath("/absent"));
    QCOMPARE(statusOf(client.readAnswers(1)), 500);
    client.send(get + get);
    const std::string cut = client.readToEnd();
    QVERIFY(cut.find("0\r\n\r\n") == std::string::npos);
    QVERIFY(cut.find("HTTP/1.1", 1) == std::string::npos);
}

void TestServer::answersHeadWithoutBody()
{
    Door door(answerOk);
    Client client(door.port());
    client.send(
        "HEAD / HTTP/1.1\r\nHost: a\r\n\r\nGET /next HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    const std::string answers = client.readToEnd();
    QCOMPARE(statusOf(answers), 200);
    QVERIFY(answers.find("Content-Length: 4\r\n\r\nHTTP/1.1 200") != std::string::npos);
}

void TestServer::refusesAHeaderWithALineBreak()
{
    Door door([](Request&&, Responder respond) {
        respond({200, {{"X-Name", "a\r\nSet-Cookie: b"}}, "text/plain", "fine"});
    });
    Client client(door.port());
    client.send(get);
    const std::string answer = client.readAnswers(1);
    QCOMPARE(statusOf(answer), 500);
    QVERIFY(answer.find("Set-Cookie") == std::string::npos);
}

void TestServer::takesABodyInPieces()
{
    Door door([](Request&& request, Responder respond) {
        respond({200, {}, {}, std::to_string(request.body.size())});
    });
    Client client(door.port());
    const std::string head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (const char byte : head)
        client.send({&byte, 1});
    for (int i = 0; i < 100; ++i) {
        client.send("3E");
        client.send("8\r\n");
        client.send(std::string(1000, 'x'));
        client.send("\r\n");
    }
    client.send("0\r\n\r\n");
    QVERIFY(client.readAnswers(1).find("\r\n\r\n100000") != std::string::npos);
}

void TestServer::answersAClientThatEndedItsSide()
{
    Held held;
    Door door(held.handler());
    Client client(door.port());
    client.send(get);
    client.endSending();
    held.take(1).at(0).second({200, {}, {}, "late"});
    QVERIFY(client.readToEnd().find("late") != std::string::npos);
}

void TestServer::closesSlowClients_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("status");
    QTest::newRow("says nothing after the handshake") << QByteArray() << 0;
    QTest::newRow("half a request line") << QByteArray("GET / HT") << 408;
    QTest::newRow("half a head") << QByteArray("GET / HTTP/1.1\r\nHost: a\r\n") << 408;
    QTest::newRow("half a body") << QByteArray("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel")
                                 << 408;
    QTest::newRow("half a second head") << QByteArray("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET") << 408;
}

void TestServer::closesSlowClients()
{
    QFETCH(QByteArray, bytes);
    QFETCH(int, status);
    Limits limits;
    limits.body = limits.idle = limits.handshakeAndHeader = std::chrono::milliseconds(50);
    limits.handshakeAndHeader = std::chrono::milliseconds(400); // a handshake under load needs some
    Door door(answerOk, limits);
    Client client(door.port());
    client.send(bytes.toStdString());
    const std::string answers = client.readToEnd();
    const std::size_t last = answers.rfind("HTTP/1.1 ");
    QCOMPARE(statusOf(last == std::string::npos ? std::string() : answers.substr(last)), status);
}

void TestServer::closesConnectionsOverTheCap()
{
    Limits limits;
    limits.connections = 2;
    Door door(answerOk, limits);
    Client first(door.port());
    std::optional<Client> second(door.port());
    second->send(get);
    QCOMPARE(statusOf(second->readAnswers(1)), 200);
    QVERIFY(!Client(door.port()).connected());
    second->send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    QCOMPARE(statusOf(second->readToEnd()), 200);
    second.reset();
    // The door notices the end a moment after we made it.
    std::optional<Client> third;
    const auto admitted = [&] {
        if (!third || !third->connected())
            third.emplace(door.port());
        return third->connected();
    };
    QTRY_VERIFY(admitted());
}

void TestServer::closesAnOldConnectionAfterItsAnswer()
{
    Limits limits;
    limits.connectionAge = Duration::zero();
    Door door(answerOk, limits);
    Client client(door.port());
    client.send(get + getPath("/second"));
    const std::string answers = client.readToEnd();
    QVERIFY(answers.find("Connection: close\r\n") != std::string::npos);
    QCOMPARE(door.seen().size(), std::size_t{1});
}

void TestServer::stopFinishesWhatIsInFlight()
{
    Held held;
    Door door(held.handler());
    Client idle(door.port());
    idle.send(getPath("/idle"));
    held.take(1).at(0).second({});
    QCOMPARE(statusOf(idle.readAnswers(1)), 200);
    Client busy(door.port());
    Client half(door.port());
    half.send(getPath("/first") + "POST /half HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe");
    busy.send(getPath("/busy"));
    auto waiting = held.take(2);
    std::thread stopping([&] { door.stop(std::chrono::seconds(20)); });
    QCOMPARE(idle.readToEnd(), std::string());
    half.send("llo");
    half.send(getPath("/never"));
    auto completed = held.take(1);
    QCOMPARE(completed.at(0).first, std::string("/half"));
    for (auto& [path, respond] : waiting)
        respond({200, {}, {}, path});
    completed.at(0).second({200, {}, {}, "whole"});
    QVERIFY(busy.readToEnd().find("Connection: close\r\n\r\n/busy") != std::string::npos);
    QVERIFY(half.readToEnd().find("Connection: close\r\n\r\nwhole") != std::string::npos);
    busy.endSending();
    stopping.join();
    QCOMPARE(door.seen().back(), std::string("POST /half"));
}

void TestServer::stopCutsWhatOutlivesTheGrace()
{
    Held held;
    Door door(held.handler());
    Client client(door.port());
    client.send(get);
    auto waiting = held.take(1);
    door.stop(std::chrono::milliseconds(10));
    QCOMPARE(client.readToEnd(), std::string());
    waiting[0].second({}); // goes nowhere, harmlessly
}

void TestServer::stopBeforeRunReturns()
{
    const auto pki = http::test::pki();
    auto server = Server::create(
        {{{"service", "127.0.0.1:0", {pki / "server.crt", pki / "server.key", pki / "ca.crt"}}}}, answerOk,
        [](const Error&, int status) { return Response{status}; });
    QVERIFY(server);
    (*server)->stop(Duration::zero());
    (*server)->run();
}

QTEST_GUILESS_MAIN(TestServer)
#include "tst_server.moc"
