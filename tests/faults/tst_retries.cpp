// Retries under one Idempotency-Key (R5): copies at once, copies after a restart, copies of a request that a
// kill -9 cut off, and other requests under a used key. Each key has one effect, its answers are the same
// bytes, and no key is stuck. The control: the same copies without a key have as many effects as copies.
#include "tests/support/printing.h"

#include "tests/faults/killer.h"
#include "tests/scenarios/requests.h"

#include <QElapsedTimer>

#include <array>
#include <atomic>
#include <barrier>
#include <thread>

using namespace billing;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t copies = 8;
constexpr auto tenant = "retry";
constexpr auto usedOn = "2023-11-10T00:00:00Z";

/// The body of a key's request; every third key sends a batch, and the first ten make a tenant.
test::HttpRequest requestOf(std::size_t key)
{
    const std::string name = "key-" + std::to_string(key);
    test::HttpRequest request{"POST", "/api/v1/usage"};
    request.headers["Idempotency-Key"] = name;
    if (key < 10) {
        request.target = "/api/v1/tenants";
        request.body = test::tenantRequest({.id = "made-by-" + name});
    } else if (key % 3 == 0) {
        request.body = test::batchOf({{name + "-a", tenant, "1", "agent_execution", usedOn},
                                      {name + "-b", "nobody", "1", "agent_execution", usedOn}});
    } else { // the key is the event's id
        request.body = R"({"tenant_id":"retry","metric_type":"agent_execution","value":"1",)"
                       R"("timestamp":"2023-11-10T00:00:00Z"})";
    }
    return request;
}

using Answers = std::array<std::string, copies>;

std::string textOf(const test::HttpReply& reply)
{
    return std::to_string(reply.status) + " " + reply.body + reply.failure;
}

/// Every key's copies at the same moment; 409 "in flight" and 503 are asked again, as they say.
std::vector<Answers> sendCopies(const test::ServerFixture& server, std::size_t keys)
{
    std::vector<Answers> answers(keys);
    std::barrier moment(static_cast<std::ptrdiff_t>(copies));
    const test::ClientIdentity identity = server.identity();
    std::vector<std::thread> senders;
    for (std::size_t copy = 0; copy < copies; ++copy)
        senders.emplace_back([&, copy] {
            const test::HttpsClient client(identity);
            for (std::size_t key = 0; key < keys; ++key) {
                moment.arrive_and_wait();
                test::HttpReply reply = client.sendUntilReady(requestOf(key));
                for (int again = 0; again < 100 && reply.status == 409; ++again)
                    reply = client.sendUntilReady(requestOf(key));
                answers[key][copy] = textOf(reply);
            }
        });
    for (std::thread& sender : senders)
        sender.join();
    return answers;
}

} // namespace

class TestRetries : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void copiesAtOnceHaveOneEffect();
    void anotherRequestUnderAUsedKeyIsRefused();
    void theSameBytesAfterARestart();
    void aKilledRequestHasOneEffect();
    void withoutAKeyEachCopyHasAnEffect();
    void theBooksHold();

private:
    /// Of the stopped server.
    std::size_t counted(const std::string& sql) const
    {
        const test::Finished finished = m_server.sqlite(sql);
        return finished.exitCode == 0 ? std::stoul(finished.output) : 0;
    }
    std::size_t journalRows() const { return counted("SELECT count(*) FROM usage_journal"); }

    test::ServerFixture m_server;
    std::size_t m_keys = 0;
    std::vector<Answers> m_answers;
    std::size_t m_journalRows = 0; ///< how many there must be
};

void TestRetries::initTestCase()
{
    qInfo("BILLING_SEED=%llu", static_cast<unsigned long long>(test::seedOfThisRun()));
    m_keys = static_cast<std::size_t>(test::trialsOr(100));
    m_server.start();
    test::signUp(m_server.client(), {.id = tenant});
}

void TestRetries::copiesAtOnceHaveOneEffect()
{
    QElapsedTimer clock;
    clock.start();
    m_answers = sendCopies(m_server, m_keys);
    std::size_t different = 0;
    for (const Answers& answers : m_answers) {
        QVERIFY2(answers.front().starts_with("20"), answers.front().c_str());
        for (const std::string& answer : answers)
            different += static_cast<std::size_t>(answer != answers.front());
    }
    QCOMPARE(different, std::size_t{0});
    m_journalRows = m_keys - std::min<std::size_t>(m_keys, 10);
    QCOMPARE(m_server.stop().value_or(-1), 0);
    QCOMPARE(journalRows(), m_journalRows);
    QCOMPARE(counted("SELECT count(*) FROM idempotency_key"), m_keys);
    QCOMPARE(counted("SELECT count(*) FROM tenant WHERE tenant_id LIKE 'made-by-%'"),
             std::min<std::size_t>(m_keys, 10));
    m_server.start();
    qInfo("retries: %zu keys x %zu copies at once, %zu effects, 0 answers differ, %lld ms", m_keys, copies,
          m_keys, static_cast<long long>(clock.elapsed()));
}

void TestRetries::anotherRequestUnderAUsedKeyIsRefused()
{
    const test::HttpsClient client = m_server.client();
    test::SeededRandom random(test::seedOfThisRun());
    std::size_t refused = 0;
    for (std::size_t key = 0; key < m_keys; ++key) {
        test::HttpRequest request = requestOf(key);
        const std::size_t at = random.below(request.body.size());
        request.body[at] = static_cast<char>(request.body[at] ^ 1); // which may not even be JSON any more
        refused += static_cast<std::size_t>(client.send(request).outcome() == "422 idempotency_key_reused");
    }
    QCOMPARE(refused, m_keys);
    qInfo("retries: %zu requests with one byte changed, all of them 422", refused);
}

void TestRetries::theSameBytesAfterARestart()
{
    const test::HttpsClient client = m_server.client();
    for (std::size_t key = 0; key < m_keys; ++key)
        QCOMPARE(textOf(client.send(requestOf(key))), m_answers[key].front());
}

void TestRetries::aKilledRequestHasOneEffect()
{
    const std::uint64_t kills = test::trialsOr(10);
    std::atomic<bool> enough = false;
    std::atomic<std::size_t> next = 1'000'000;
    const test::ClientIdentity identity = m_server.identity();
    std::array<std::vector<std::size_t>, 4> answered;
    std::array<std::string, 4> unexpected;
    std::vector<std::thread> senders;
    for (std::size_t sender = 0; sender < answered.size(); ++sender)
        senders.emplace_back([&, sender] {
            while (!enough) {
                const std::size_t key = next++;
                test::HttpReply reply;
                // A client of its own for each try: the server's death took the connection.
                for (int attempt = 0; reply.status == 0 && attempt < 100'000; ++attempt)
                    reply = test::HttpsClient(identity).sendUntilReady(requestOf(key));
                if (reply.status / 100 != 2)
                    unexpected[sender] = textOf(reply);
                answered[sender].push_back(key);
            }
        });
    test::Killer killer(m_server, test::seedOfThisRun());
    while (killer.kills() < kills) {
        static_cast<void>(m_server.waitForExit(killer.nextLife(300ms))); // it lives until then
        killer.killAndRestart();
    }
    enough = true;
    for (std::thread& sender : senders)
        sender.join();
    std::size_t keys = 0;
    for (std::size_t sender = 0; sender < answered.size(); ++sender) {
        QCOMPARE(unexpected[sender], std::string());
        keys += answered[sender].size();
    }
    m_journalRows += keys;
    QCOMPARE(m_server.stop().value_or(-1), 0);
    QCOMPARE(journalRows(), m_journalRows);
    m_server.start();
    qInfo("retries: %llu kills under %zu keys, each with one effect, none stuck",
          static_cast<unsigned long long>(killer.kills()), keys);
}

void TestRetries::withoutAKeyEachCopyHasAnEffect()
{
    const test::HttpsClient client = m_server.client();
    const std::string body = test::batchOf({{"control", tenant, "1", "agent_execution", usedOn}});
    for (std::size_t copy = 0; copy < copies; ++copy)
        QCOMPARE(client.post("/api/v1/usage", body).status, 202);
    m_journalRows += copies; // though the event counts once: identities hold without keys
    QCOMPARE(m_server.stop().value_or(-1), 0);
    QCOMPARE(journalRows(), m_journalRows);
    m_server.start();
}

void TestRetries::theBooksHold()
{
    QCOMPARE(m_server.stop().value_or(-1), 0);
    QCOMPARE(test::complaint(m_server.run("check-invariants")), std::string());
    QCOMPARE(test::complaint(m_server.run("verify-audit")), std::string());
}

QTEST_GUILESS_MAIN(TestRetries)
#include "tst_retries.moc"
