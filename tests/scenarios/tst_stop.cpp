// SIGTERM under load: the server ends by itself with 0, and whatever it had answered 2xx until then is
// settled after the next start, once.
#include "tests/support/printing.h"

#include "tests/scenarios/requests.h"
#include "tests/scenarios/server_fixture.h"

#include <atomic>
#include <thread>

using namespace billing;
using namespace std::chrono_literals;

namespace {

constexpr auto tenant = "busy";
constexpr int senders = 4;
constexpr int answersBeforeTheStop = 400;
constexpr std::size_t eventsInABatch = 200;

/// What one sender sent and was told.
struct Sent
{
    std::vector<test::EventText> answered;
    std::vector<std::string> otherOutcomes; ///< of requests that were not answered 201
    std::size_t attempts = 0;
};

/// Sends one event a request, without waiting for settlement, until the server no longer takes them.
Sent sendUntilRefused(const test::ClientIdentity& identity, int sender, std::atomic<int>& answers)
{
    const test::HttpsClient client(identity);
    Sent sent;
    while (sent.otherOutcomes.empty()) {
        ++sent.attempts;
        test::EventText event{"s" + std::to_string(sender) + "-" + std::to_string(sent.attempts), tenant,
                              "1"};
        event.timestamp = "2023-11-10T00:00:00Z";
        const test::HttpReply reply = client.post("/api/v1/usage", test::jsonOf(event));
        if (reply.status != 201) {
            sent.otherOutcomes.push_back(reply.outcome());
        } else {
            sent.answered.push_back(std::move(event));
            ++answers;
        }
    }
    return sent;
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
    std::vector<Sent> sent(senders);
    std::vector<std::thread> threads;
    for (int sender = 0; sender < senders; ++sender)
        threads.emplace_back([&, sender] {
            sent[static_cast<std::size_t>(sender)] = sendUntilRefused(identity, sender, answers);
        });
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
        for (const std::string& outcome : one.otherOutcomes)
            QVERIFY2(outcome == "0" || outcome == "503 shutting_down", outcome.c_str());
    }
    qInfo("%zu of %zu requests were answered before the stop", answered.size(), attempts);

    server.start();
    const test::HttpsClient client = server.client();
    std::size_t duplicates = 0;
    for (std::size_t at = 0; at < answered.size(); at += eventsInABatch) {
        const std::size_t end = std::min(at + eventsInABatch, answered.size());
        const std::vector<test::EventText> some(answered.begin() + static_cast<std::ptrdiff_t>(at),
                                                answered.begin() + static_cast<std::ptrdiff_t>(end));
        const test::HttpReply reply = client.post("/api/v1/usage?wait=settled", test::batchOf(some));
        QCOMPARE(reply.at("settled"), std::string("true"));
        for (std::size_t i = 0; i < some.size(); ++i)
            duplicates += reply.at("results/" + std::to_string(i) + "/status") == "duplicate" ? 1U : 0U;
    }
    QCOMPARE(duplicates, answered.size());
    // An event whose answer was lost may count or not, but only once.
    const test::HttpReply usage = client.get("/api/v1/usage/" + std::string(tenant) +
                                             "?metric_type=agent_execution&from=2023-11-01&to=2023-12-01");
    const std::size_t counted = std::stoul(usage.at("groups/0/quantity"));
    QVERIFY(counted >= answered.size());
    QVERIFY(counted <= attempts);
    QCOMPARE(server.stop().value_or(-1), 0);
    QCOMPARE(test::complaint(server.run("check-invariants")), std::string());
}

QTEST_GUILESS_MAIN(TestStop)

#include "tst_stop.moc"
