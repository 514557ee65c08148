// The client against a scripted TLS server: what it counts, what it tries again and how long, and what
// it never does. Time is manual: a wait moves the clock, so minutes of trying pass at once.
// Tests: usage_client.cpp transport.cpp ports.cpp
#include "shared/usage_client/usage_client.h"
#include "shared/wire/usage_json.h"
#include "tests/shared/usage_client/scripted_server.h"
#include "tests/support/free_port.h"
#include "tests/support/manual_clock.h"
#include "tests/support/seeded_random.h"

#include <QTest>

#include <fstream>
#include <set>

using namespace billing;
using namespace billing::client;
using namespace billing::test;
using namespace std::chrono_literals;

namespace {

class MovingWaiter final : public Waiter
{
public:
    explicit MovingWaiter(ManualClock& clock)
        : m_clock(clock)
    {
    }
    void waitFor(Duration duration) override
    {
        waits.push_back(duration);
        m_clock.advance(duration);
    }

    std::vector<Duration> waits;

private:
    ManualClock& m_clock;
};

class ListSource final : public EventSource
{
public:
    explicit ListSource(std::vector<UsageEvent> events)
        : m_events(std::move(events))
    {
    }
    Result<std::optional<UsageEvent>> next() override
    {
        return m_at == m_events.size() ? std::optional<UsageEvent>() : std::optional(m_events[m_at++]);
    }

private:
    std::vector<UsageEvent> m_events;
    std::size_t m_at = 0;
};

std::vector<UsageEvent> someEvents(int count)
{
    std::vector<UsageEvent> events;
    for (int index = 1; index <= count; ++index)
        events.push_back({TenantId("acme"),
                          "",
                          "e-" + std::to_string(index),
                          "api_request",
                          Decimal::fromInteger(index),
                          Instant::parse("2026-03-01T00:00:00Z").value(),
                          {}});
    return events;
}

/// An answer in which every event has that status.
Step all(int count, const std::string& status, const std::string& behind = R"(,"settled":true)")
{
    std::string body = R"({"position":7)";
    body += behind + R"(,"results":[)";
    for (int index = 0; index < count; ++index) {
        body += index ? "," : "";
        body += R"({"status":")";
        body += status + R"(","index":)";
        body += std::to_string(index) + "}";
    }
    return {202, body + "]}"};
}

Step problem(int status, const std::string& code, std::vector<std::string> headers = {})
{
    std::string body = R"({"status":)";
    body += std::to_string(status) + R"(,"code":")";
    body += code + R"(","detail":"scripted"})";
    return {status, body, std::move(headers)};
}

Step reset()
{
    Step step;
    step.after = Step::After::Reset;
    return step;
}

} // namespace

class TestUsageClient : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();

    void refusesConfiguration_data();
    void refusesConfiguration();
    void refusesAServerOfAnotherAuthority();
    void refusesAServerOfAnotherName();
    void neverTriesARefusalAgain_data();
    void neverTriesARefusalAgain();
    void refusesAnswersItCannotTrust_data();
    void refusesAnswersItCannotTrust();
    void stopsAtASecondUnauthorised();
    void givesUpOnADeadServer();
    void givesUpWhenAskedToWaitTooLong();
    void stopsWhereItsSourceStops();
    void refusesTokenFiles();

    void triesAgain_data();
    void triesAgain();
    void resendsTheSameBytesAfterALostReply();
    void waitsAsLongAsTheServerAsks();
    void readsTheTokenAgain();
    void asksAgainUntilSettled();
    void countsEveryStatus();
    void keepsOnlyTheFirstRejections();
    void cutsBatchesAndKeepsTheConnection();
    void cutsBatchesByBytes();
    void makesIdsBeforeSending();
    void keepsOldEventsBack();
    void systemPortsWork();

private:
    BillingAPIClient clientOf(const ScriptedServer& server, std::function<void(ClientOptions&)> change = {});

    std::unique_ptr<ManualClock> m_clock;
    std::unique_ptr<MovingWaiter> m_waiter;
    std::unique_ptr<SeededRandom> m_random;
    int m_tokens = 0;
};

void TestUsageClient::init()
{
    m_clock = std::make_unique<ManualClock>("2026-03-01T12:00:00Z");
    m_waiter = std::make_unique<MovingWaiter>(*m_clock);
    m_random = std::make_unique<SeededRandom>(42);
    m_tokens = 0;
}

BillingAPIClient TestUsageClient::clientOf(const ScriptedServer& server,
                                           std::function<void(ClientOptions&)> change)
{
    ClientOptions options;
    options.transport = server.options();
    options.token = [this]() -> Result<std::string> { return "token-" + std::to_string(++m_tokens); };
    if (change)
        change(options);
    return BillingAPIClient::create(std::move(options), {*m_clock, *m_random, *m_waiter}).value();
}

void TestUsageClient::refusesConfiguration_data()
{
    QTest::addColumn<QByteArray>("url");
    for (const char* url :
         {"", "https://", "http://127.0.0.1:1", "HTTPS://127.0.0.1:1", "127.0.0.1:1", "file:///etc",
          "https://127.0.0.1:1/api", "https://127.0.0.1:1?a", "https://me@127.0.0.1:1",
          "https://127.0.0.1:1#a", "https://127.0.0.1 :1", "ftp://127.0.0.1"})
        QTest::newRow(url) << QByteArray(url);
}

void TestUsageClient::refusesConfiguration()
{
    QFETCH(QByteArray, url);
    const ScriptedServer server({Step()});
    TransportOptions options = server.options();
    options.serverUrl = url.toStdString();
    QCOMPARE(int(openTransport(options).error().code), int(ErrorCode::InvalidConfiguration));
    options = server.options();
    options.keyFile += ".none";
    QCOMPARE(openTransport(options).error(), (Error{ErrorCode::FileUnreadable, options.keyFile}));
}

void TestUsageClient::refusesAServerOfAnotherAuthority()
{
    const ScriptedServer server({all(1, "settled")});
    auto client = clientOf(server, [&](ClientOptions& options) {
        options.transport.authorityFile = server.otherAuthorityFile();
    });
    QCOMPARE(int(client.sendBatch(someEvents(1)).error().code), int(ErrorCode::InvalidConfiguration));
    QVERIFY(server.requests().empty() && m_waiter->waits.empty());
}

void TestUsageClient::refusesAServerOfAnotherName()
{
    const ScriptedServer server({all(1, "settled")});
    auto client = clientOf(server, [&](ClientOptions& options) {
        std::string& url = options.transport.serverUrl;
        url.replace(url.find("127.0.0.1"), 9, "localhost");
    });
    QCOMPARE(int(client.sendBatch(someEvents(1)).error().code), int(ErrorCode::InvalidConfiguration));
    QVERIFY(server.requests().empty() && m_waiter->waits.empty());
}

void TestUsageClient::neverTriesARefusalAgain_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("code");
    QTest::newRow("400") << 400 << QByteArray("malformed_json");
    QTest::newRow("403") << 403 << QByteArray("insufficient_scope");
    QTest::newRow("404") << 404 << QByteArray("route_not_found");
    QTest::newRow("413") << 413 << QByteArray("body_too_large");
    QTest::newRow("422") << 422 << QByteArray("invalid_value");
    QTest::newRow("500") << 500 << QByteArray("internal");
    QTest::newRow("501") << 501 << QByteArray("internal");
    QTest::newRow("a redirect") << 307 << QByteArray("internal");
}

void TestUsageClient::neverTriesARefusalAgain()
{
    QFETCH(int, status);
    QFETCH(QByteArray, code);
    const ScriptedServer server(
        {problem(status, code.toStdString(), {"Location: /elsewhere", "Retry-After: 1"})});
    const auto sent = clientOf(server).sendBatch(someEvents(1));
    QVERIFY(!sent);
    QCOMPARE(std::string(wireName(sent.error().code)), code.toStdString());
    QCOMPARE(server.requests().size(), 1u);
    QVERIFY(m_waiter->waits.empty());
}

void TestUsageClient::refusesAnswersItCannotTrust_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("code");
    const int internal = int(ErrorCode::Internal);
    QTest::newRow("no JSON") << 202 << QByteArray("<html>") << internal;
    QTest::newRow("nothing") << 202 << QByteArray() << internal;
    QTest::newRow("a result too few") << 202 << QByteArray::fromStdString(all(1, "settled").body) << internal;
    QTest::newRow("a result too many")
        << 202 << QByteArray::fromStdString(all(3, "settled").body) << internal;
    QTest::newRow("unknown status") << 202 << QByteArray::fromStdString(all(2, "lost").body) << internal;
    QTest::newRow("204") << 204 << QByteArray() << internal;
    QTest::newRow("a proxy's page") << 400 << QByteArray("<html>") << internal;
    QTest::newRow("endless") << 202 << QByteArray(5 << 20, ' ') << int(ErrorCode::InvalidConfiguration);
}

void TestUsageClient::refusesAnswersItCannotTrust()
{
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    const ScriptedServer server({{status, body.toStdString()}});
    const auto sent = clientOf(server).sendBatch(someEvents(2));
    QVERIFY(!sent);
    QTEST(int(sent.error().code), "code");
    QCOMPARE(server.requests().size(), 1u);
}

void TestUsageClient::stopsAtASecondUnauthorised()
{
    const ScriptedServer server({problem(401, "expired_token"), problem(401, "invalid_token")});
    QCOMPARE(int(clientOf(server).sendBatch(someEvents(1)).error().code), int(ErrorCode::InvalidToken));
    QCOMPARE(server.requests().size(), 2u);
}

void TestUsageClient::givesUpOnADeadServer()
{
    const ScriptedServer server({Step()});
    auto client = clientOf(server, [](ClientOptions& options) {
        options.transport.serverUrl = "https://127.0.0.1:" + std::to_string(freePort());
    });
    const MonotonicTime start = m_clock->monotonic();
    QCOMPARE(int(client.sendBatch(someEvents(1)).error().code), int(ErrorCode::NetworkFailed));
    const MonotonicTime tried = m_clock->monotonic() - start;
    QVERIFY(tried > 60s && tried <= 120s);
    QVERIFY(m_waiter->waits.size() > 8);
}

void TestUsageClient::givesUpWhenAskedToWaitTooLong()
{
    const ScriptedServer server({problem(503, "backlog_full", {"Retry-After: 3600"})});
    const auto sent = clientOf(server).sendBatch(someEvents(1));
    QCOMPARE(int(sent.error().code), int(ErrorCode::NetworkFailed));
    QVERIFY(sent.error().detail.find("backlog_full") != std::string::npos);
    QVERIFY(m_waiter->waits.empty());
}

void TestUsageClient::stopsWhereItsSourceStops()
{
    class FailingSource final : public EventSource
    {
    public:
        Result<std::optional<UsageEvent>> next() override
        {
            if (++m_asked > 3)
                return Error{ErrorCode::InvalidDecimal, "t.csv:4:1"};
            return std::optional(someEvents(1).front());
        }

    private:
        int m_asked = 0;
    };
    const ScriptedServer server({all(2, "settled")});
    auto client = clientOf(server, [](ClientOptions& options) { options.batchSize = 2; });
    FailingSource source;
    SendReport soFar;
    const auto sent = client.send(source, [&](const SendReport& report) { soFar = report; });
    QCOMPARE(sent.error().subject, "t.csv:4:1");
    QCOMPARE(soFar.accepted, 2);
    QCOMPARE(server.requests().size(), 1u);
}

void TestUsageClient::refusesTokenFiles()
{
    const TemporaryDirectory directory;
    const std::string path = directory.file("token").string();
    QCOMPARE(int(tokenFromFile(path)().error().code), int(ErrorCode::FileUnreadable));
    for (const char* text : {"", "\n", "two words", "line\nbreak", "t\xC3\xA9"}) {
        std::ofstream(path, std::ios::binary) << text;
        QCOMPARE(int(tokenFromFile(path)().error().code), int(ErrorCode::InvalidToken));
    }
    std::ofstream(path, std::ios::binary) << " abc.def \r\n";
    QCOMPARE(*tokenFromFile(path)(), "abc.def");
}

void TestUsageClient::triesAgain_data()
{
    QTest::addColumn<int>("status");
    for (const int status : {408, 429, 502, 503, 504})
        QTest::newRow(std::to_string(status).c_str()) << status;
}

void TestUsageClient::triesAgain()
{
    QFETCH(int, status);
    const ScriptedServer server({problem(status, "backlog_full"), {status, "<html>"}, all(1, "settled")});
    const auto sent = clientOf(server).sendBatch(someEvents(1));
    QVERIFY(sent.has_value());
    QCOMPARE(sent->accepted, 1);
    QCOMPARE(server.requests().size(), 3u);
    QCOMPARE(m_waiter->waits.size(), 2u);
}

void TestUsageClient::resendsTheSameBytesAfterALostReply()
{
    const ScriptedServer server({reset(), reset(), all(3, "duplicate")});
    const auto sent = clientOf(server).sendBatch(someEvents(3));
    QVERIFY(sent.has_value());
    QCOMPARE(sent->duplicate, 3); // as the server says: it took them the first time
    const auto requests = server.requests();
    QCOMPARE(requests.size(), 3u);
    QCOMPARE(requests[1].body, requests[0].body);
    QCOMPARE(requests[2].body, requests[0].body);
    QCOMPARE(wire::decodeUsageBatch(requests[0].body)->size(), 3u);
}

void TestUsageClient::waitsAsLongAsTheServerAsks()
{
    const ScriptedServer server({problem(503, "backlog_full", {"retry-after: 7"}),
                                 problem(503, "backlog_full", {"Retry-After: Wed, 21 Oct 2026 07:28:00 GMT"}),
                                 all(1, "settled")});
    QVERIFY(clientOf(server).sendBatch(someEvents(1)).has_value());
    QVERIFY(m_waiter->waits.at(0) >= 7s && m_waiter->waits.at(0) <= 7s + 200ms);
    QVERIFY(m_waiter->waits.at(1) <= 400ms);
}

void TestUsageClient::readsTheTokenAgain()
{
    const ScriptedServer server({all(1, "settled"), problem(401, "expired_token"), all(1, "settled")});
    auto client = clientOf(server);
    QVERIFY(client.sendBatch(someEvents(1)).has_value());
    QVERIFY(client.sendBatch(someEvents(1)).has_value());
    const auto requests = server.requests();
    QCOMPARE(requests.at(0).token, "token-1");
    QCOMPARE(requests.at(1).token, "token-1");
    QCOMPARE(requests.at(2).token, "token-2");
    QCOMPARE(requests.at(2).body, requests.at(1).body);
    QVERIFY(m_waiter->waits.empty());
}

void TestUsageClient::asksAgainUntilSettled()
{
    const std::string unsettled = R"(,"settled":false)";
    const ScriptedServer server(
        {all(2, "accepted", unsettled), all(2, "duplicate", unsettled), all(2, "settled")});
    const auto sent = clientOf(server).sendBatch(someEvents(2));
    QVERIFY(sent.has_value());
    QCOMPARE(*sent, (SendReport{2, 0, 0, 0, {}}));
    QCOMPARE(server.requests().size(), 3u);
    QCOMPARE(server.requests()[2].body, server.requests()[0].body);
}

void TestUsageClient::countsEveryStatus()
{
    const ScriptedServer server(
        {{202, R"({"settled":true,"results":[{"event_id":"e-1","status":"settled","index":0},)"
               R"({"event_id":"e-2","status":"duplicate","index":1},)"
               R"({"event_id":"e-3","status":"conflict","code":"payload_conflict","index":2},)"
               R"({"status":"rejected","code":"unknown_metric","detail":"no meter","subject":"x","index":3},)"
               R"({"status":"rejected","code":"of_tomorrow","index":4},)"
               R"({"event_id":"e-6","status":"accepted","index":5}]})"}});
    const auto sent = clientOf(server).sendBatch(someEvents(6));
    QVERIFY(sent.has_value());
    QCOMPARE(*sent, (SendReport{2,
                                1,
                                1,
                                2,
                                {{"e-3", {ErrorCode::PayloadConflict}},
                                 {"e-4", {ErrorCode::UnknownMetric, "x", "no meter"}},
                                 {"e-5", {ErrorCode::Internal, "", "of_tomorrow"}}}}));
    QCOMPARE(sent->total(), 6);
    QCOMPARE(server.requests().front().target, "/api/v1/usage/batch?wait=settled");
}

void TestUsageClient::keepsOnlyTheFirstRejections()
{
    const ScriptedServer server({all(30, "rejected")});
    const auto sent = clientOf(server).sendBatch(someEvents(30));
    QCOMPARE(sent->rejected, 30);
    QCOMPARE(sent->rejections.size(), 20u);
    QCOMPARE(sent->rejections.back().eventId, "e-20");
}

void TestUsageClient::cutsBatchesAndKeepsTheConnection()
{
    const ScriptedServer server({all(4, "settled"), all(4, "settled"), all(2, "settled")});
    auto client = clientOf(server, [](ClientOptions& options) { options.batchSize = 4; });
    ListSource source(someEvents(10));
    std::vector<std::int64_t> told;
    const auto sent = client.send(source, [&](const SendReport& report) { told.push_back(report.total()); });
    QVERIFY(sent.has_value());
    QCOMPARE(sent->accepted, 10);
    QCOMPARE(told, (std::vector<std::int64_t>{4, 8, 10}));
    QCOMPARE(server.requests().size(), 3u);
    QCOMPARE(server.requests().back().connection, 1);
}

void TestUsageClient::cutsBatchesByBytes()
{
    std::vector<UsageEvent> events = someEvents(1'000);
    for (UsageEvent& event : events)
        for (char name = 'a'; name < 'q'; ++name)
            event.dimensions.push_back({std::string(64, name), std::string(256, '"')});
    const ScriptedServer server({all(1, "settled")});
    ListSource source(events);
    QVERIFY(!clientOf(server).send(source)); // the scripted answer is for one event
    QVERIFY(server.requests().front().body.size() < 8u << 20);
}

void TestUsageClient::makesIdsBeforeSending()
{
    const ScriptedServer server({reset(), all(2, "settled")});
    std::vector<UsageEvent> events = someEvents(2);
    for (UsageEvent& event : events)
        event.eventId.clear();
    QVERIFY(clientOf(server).sendBatch(events).has_value());
    const auto requests = server.requests();
    QCOMPARE(requests.at(1).body, requests.at(0).body);
    std::set<std::string> ids;
    const auto sent = wire::decodeUsageBatch(requests.at(0).body);
    for (const wire::DecodedEvent& event : *sent)
        ids.insert(event->eventId);
    QCOMPARE(ids.size(), 2u);
    QCOMPARE(ids.begin()->size(), 32u);
}

void TestUsageClient::keepsOldEventsBack()
{
    const ScriptedServer server({all(1, "settled")});
    std::vector<UsageEvent> events = someEvents(2);
    events[0].at = m_clock->now().minus(35 * 24h + 1us);
    events[1].at = m_clock->now().minus(35 * 24h);
    const auto sent =
        clientOf(server, [](ClientOptions& options) { options.oldest = 35 * 24h; }).sendBatch(events);
    QVERIFY(sent.has_value());
    QCOMPARE(sent->accepted, 1);
    QCOMPARE(sent->rejected, 1);
    QCOMPARE(sent->rejections.front().eventId, "e-1");
    QCOMPARE(int(sent->rejections.front().error.code), int(ErrorCode::TimestampTooOld));
}

void TestUsageClient::systemPortsWork()
{
    const Ports ports = systemPorts();
    QVERIFY(ports.clock.now() > Instant::parse("2026-01-01T00:00:00Z").value());
    QVERIFY(ports.random.next() != ports.random.next());
    const MonotonicTime before = ports.clock.monotonic();
    ports.waiter.waitFor(1ms);
    QVERIFY(ports.clock.monotonic() - before >= 1ms);
}

QTEST_APPLESS_MAIN(TestUsageClient)
#include "tst_usage_client.moc"
