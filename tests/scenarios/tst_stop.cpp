// SIGTERM under load: the server ends by itself with 0, and whatever it had answered 2xx until then is
// settled after the next start, once.
#include "tests/support/printing.h"

#include "tests/scenarios/requests.h"
#include "tests/scenarios/server_fixture.h"

#include <array>
#include <atomic>
#include <thread>

using namespace billing;
using namespace std::chrono_literals;

namespace {

constexpr auto tenant = "busy";
constexpr int answersBeforeTheStop = 100;
constexpr std::size_t largestBatch = 1'000;
/// Events in each request of one sender: single ones, and batches that leave settling behind.
constexpr std::array<std::size_t, 4> eventsInARequest{1, 1, 500, 500};

/// What one sender sent and was told.
struct Sent
{
    std::vector<test::EventText> answered;
    std::string lastOutcome; ///< of the request that was not taken
    std::size_t attempts = 0;
};

/// Sends requests without waiting for settlement, until the server no longer takes them.
Sent sendUntilRefused(const test::ClientIdentity& identity, std::size_t sender, std::atomic<int>& answers)
{
    const test::HttpsClient client(identity);
    Sent sent;
    while (sent.lastOutcome.empty()) {
        std::vector<test::EventText> events;
        for (std::size_t i = 0; i < eventsInARequest[sender]; ++i)
            events.push_back({"s" + std::to_string(sender) + "-" + std::to_string(++sent.attempts), tenant,
                              "1", "agent_execution", "2023-11-10T00:00:00Z"});
        const test::HttpReply reply = client.post("/api/v1/usage", test::batchOf(events));
        if (reply.status == 202) {
            sent.answered.insert(sent.answered.end(), events.begin(), events.end());
            ++answers;
        } else {
            sent.lastOutcome = reply.outcome();
        }
    }
    return sent;
}

std::size_t timesIn(std::string_view text, std::string_view word)
{
    std::size_t times = 0;
    for (std::size_t at = text.find(word); at != text.npos; at = text.find(word, at + word.size()))
        ++times;
    return times;
}

std::size_t countedFor(const test::HttpsClient& client)
{
    const test::HttpReply usage = client.get("/api/v1/usage/" + std::string(tenant) +
                                             "?metric_type=agent_execution&from=2023-11-01&to=2023-12-01");
    return std::stoul(usage.at("groups/0/quantity"));
}

} // namespace

class TestStop : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void stopsWhileIdle();
    void whatWasAnsweredIsSettledAfterwards();
};

void TestStop::stopsWhileIdle()
{
    test::ServerFixture server;
    server.start();
    const test::HttpsClient idle = server.client();
    QCOMPARE(idle.get("/health/live").status, 200); // an open connection does not hold the server up
    QCOMPARE(server.stop().value_or(-1), 0);
    QCOMPARE(idle.get("/health/live").status, 0);
}

void TestStop::whatWasAnsweredIsSettledAfterwards()
{
    test::ServerFixture server;
    server.start();
    const test::ClientIdentity identity = server.identity();
    test::signUp(test::HttpsClient(identity), {.id = tenant});

    std::atomic<int> answers = 0;
    std::vector<Sent> sent(eventsInARequest.size());
    std::vector<std::thread> threads;
    for (std::size_t sender = 0; sender < sent.size(); ++sender)
        threads.emplace_back([&, sender] { sent[sender] = sendUntilRefused(identity, sender, answers); });
    const bool loaded = QTest::qWaitFor([&] { return answers >= answersBeforeTheStop; }, 60'000);
    server.askToStop();
    const std::optional<int> ended = server.waitForExit();
    server.kill(); // in case it has not ended: the senders must
    for (std::thread& thread : threads)
        thread.join();
    QVERIFY(loaded);
    QCOMPARE(ended.value_or(-1), 0);

    std::vector<test::EventText> answered;
    std::size_t attempts = 0;
    for (const Sent& one : sent) {
        answered.insert(answered.end(), one.answered.begin(), one.answered.end());
        attempts += one.attempts;
        QVERIFY2(one.lastOutcome == "0" || one.lastOutcome == "503 shutting_down", one.lastOutcome.c_str());
    }
    const test::Finished waiting =
        server.sqlite("SELECT coalesce(sum(event_count), 0) FROM usage_journal WHERE state = 0");
    qInfo("%zu of %zu events were answered before the stop, still to be settled: %s", answered.size(),
          attempts, waiting.output.c_str());

    server.start();
    const test::HttpsClient client = server.client();
    std::size_t duplicates = 0;
    for (std::size_t at = 0; at < answered.size(); at += largestBatch) {
        const std::size_t end = std::min(at + largestBatch, answered.size());
        const std::vector<test::EventText> some(answered.begin() + static_cast<std::ptrdiff_t>(at),
                                                answered.begin() + static_cast<std::ptrdiff_t>(end));
        const test::HttpReply reply = client.post("/api/v1/usage?wait=settled", test::batchOf(some));
        QCOMPARE(reply.at("settled"), std::string("true"));
        duplicates += timesIn(reply.body, R"("status":"duplicate")");
    }
    QCOMPARE(duplicates, answered.size());
    // Events whose answer was lost may count or not, but only once.
    const std::size_t counted = countedFor(client);
    QVERIFY(counted >= answered.size());
    QVERIFY(counted <= attempts);
    QCOMPARE(server.stop().value_or(-1), 0);
    QCOMPARE(test::complaint(server.run("check-invariants")), std::string());
}

QTEST_GUILESS_MAIN(TestStop)

#include "tst_stop.moc"
