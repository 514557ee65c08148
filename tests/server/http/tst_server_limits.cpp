// Goal: what the door holds for its clients is bounded, and what they waste is theirs. Method: a real server
// with one small limit each; the test waits for the event itself.
//
// Tests: connection_deadlines.cpp server_core.cpp
#include "tests/server/http/door.h"
#include "tests/server/http/flood.h"
#include "tests/support/printing.h"

#include <QTest>

#include <condition_variable>

using namespace billing;
using namespace billing::http;
using billing::http::test::Client;
using billing::http::test::Door;
using billing::http::test::statusOf;

namespace {

const std::string get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

std::string post(std::size_t length)
{
    return "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(length) + "\r\n\r\n" +
           std::string(length, 'x');
}

} // namespace

class TestServerLimits : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void strangersGiveWayToClients();
    void clientsDoNotGiveWay();
    void refusesBodiesBeyondTheMemory();
    void cutsAClientThatTakesItsAnswerByteByByte();
    void survivesKeyUpdatesNobodyReads();
};

void TestServerLimits::strangersGiveWayToClients()
{
    Limits limits;
    limits.connections = 8;
    Door door([](Request&&, Responder respond) { respond({}); }, limits);
    Client kept(door.port());
    const http::test::Flood strangers(door.port(), http::test::nuisances().at("handshake_unbegun"), 8);
    for (int i = 0; i < 5; ++i) {
        Client client(door.port()); // each of them finds the house full
        QVERIFY(client.connected());
        client.send(get);
        QCOMPARE(statusOf(client.readAnswers(1)), 200);
    }
    kept.send(get);
    QCOMPARE(statusOf(kept.readAnswers(1)), 200);
    QVERIFY(door.server().connectionCounts().front().refused > 0);
}

void TestServerLimits::clientsDoNotGiveWay()
{
    Limits limits;
    limits.connections = 2;
    Door door([](Request&&, Responder respond) { respond({}); }, limits);
    Client first(door.port());
    std::optional<Client> second(std::in_place, door.port());
    second->send(get); // both have shown who they are
    QCOMPARE(statusOf(second->readAnswers(1)), 200);
    first.send(get);
    QCOMPARE(statusOf(first.readAnswers(1)), 200);
    QVERIFY(!Client(door.port()).connected());
    first.send(get);
    QCOMPARE(statusOf(first.readAnswers(1)), 200);
    const std::vector<ConnectionCounts> counts = door.server().connectionCounts();
    QCOMPARE(counts.size(), std::size_t{1});
    QCOMPARE(counts.front().open, 2);
    QCOMPARE(counts.front().refused, 1);
    second.reset();
    QTRY_COMPARE(door.server().connectionCounts().front().open, 1);
}

void TestServerLimits::refusesBodiesBeyondTheMemory()
{
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<Responder> held;
    Limits limits;
    limits.bodyBytesInFlight = 10'000;
    Door door(
        [&](Request&& request, Responder respond) {
            if (request.path == "/health")
                return respond({});
            const std::scoped_lock lock(mutex);
            held.push_back(std::move(respond));
            changed.notify_all();
        },
        limits);
    const auto waitForHeld = [&](std::size_t count) {
        std::unique_lock lock(mutex);
        return changed.wait_for(lock, std::chrono::seconds(20), [&] { return held.size() >= count; });
    };
    Client first(door.port());
    first.send(post(9'000));
    QVERIFY(waitForHeld(1));
    Client second(door.port());
    second.send(post(2'000));
    const std::string refused = second.readToEnd();
    QCOMPARE(statusOf(refused), 503);
    QVERIFY(refused.find("backlog_full") != std::string::npos);
    Client health(door.port()); // what has no body is served
    health.send("GET /health HTTP/1.1\r\nHost: a\r\n\r\n");
    QCOMPARE(statusOf(health.readAnswers(1)), 200);

    held.at(0)({});
    QCOMPARE(statusOf(first.readAnswers(1)), 200);
    Client third(door.port()); // an answer and a refusal have both given back what they held
    third.send(post(9'000));
    QVERIFY(waitForHeld(2));
    held.at(1)({});
    QCOMPARE(statusOf(third.readAnswers(1)), 200);
}

void TestServerLimits::cutsAClientThatTakesItsAnswerByteByByte()
{
    Limits limits;
    limits.stalledWrite = std::chrono::milliseconds(300);
    Door door(
        [](Request&&, Responder respond) {
            respond(
                {200, {}, {}, PullSource([]() -> Result<std::string> { return std::string(16'384, 'x'); })});
        },
        limits);
    http::test::Flood slow(door.port(), http::test::nuisances().at("slow_read"), 1);
    QVERIFY(slow.waitUntilClosed(1, std::chrono::seconds(20)));
}

void TestServerLimits::survivesKeyUpdatesNobodyReads()
{
    Limits limits;
    limits.stalledWrite = std::chrono::milliseconds(300);
    Door door([](Request&&, Responder respond) { respond({}); }, limits);
    http::test::Flood flood(door.port(), http::test::nuisances().at("key_updates"), 2);
    QVERIFY(flood.waitUntilClosed(2, std::chrono::seconds(20)));
    Client good(door.port());
    good.send(get);
    QCOMPARE(statusOf(good.readAnswers(1)), 200);
}

QTEST_GUILESS_MAIN(TestServerLimits)
#include "tst_server_limits.moc"
