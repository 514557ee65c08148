// The power fails while usage comes in: the disk is frozen as a cut would leave it, the server is started on
// the frozen copy, and every event that was acknowledged before is there. The control is the same server
// whose flushes do nothing: it must lose some, or the test has proved nothing. R2, see README.md.
#include "tests/support/printing.h"

#include "tests/faults/ack_log.h"
#include "tests/faults/crash_sweep.h"
#include "tests/faults/killer.h"
#include "tests/faults/loop_disk.h"
#include "tests/faults/strace.h"

#include <QElapsedTimer>

#include <atomic>
#include <mutex>
#include <thread>

using namespace billing;
using namespace billing::test;
using namespace std::chrono_literals;

namespace {

constexpr int eventsBetweenCuts = 30;

/// Sends single events on a thread of its own until it is told to end, and knows which were acknowledged.
class Reporter
{
public:
    Reporter(ClientIdentity identity, std::string tenant)
        : m_identity(std::move(identity))
        , m_tenant(std::move(tenant))
        , m_thread([this] { send(); })
    {
    }
    ~Reporter()
    {
        m_isOver = true;
        m_thread.join();
    }
    Reporter(const Reporter&) = delete;
    Reporter& operator=(const Reporter&) = delete;

    std::vector<EventText> acknowledged() const
    {
        const std::lock_guard guard(m_mutex);
        return m_acknowledged;
    }
    std::size_t count() const
    {
        const std::lock_guard guard(m_mutex);
        return m_acknowledged.size();
    }

private:
    void send()
    {
        const HttpsClient client(m_identity);
        for (int number = 1; !m_isOver; ++number) {
            const EventText event{"cut-" + std::to_string(number), m_tenant, "1", "agent_execution",
                                  "2023-11-10T00:00:00Z"};
            if (client.post("/api/v1/usage", jsonOf(event)).status != 201)
                continue;
            const std::lock_guard guard(m_mutex);
            m_acknowledged.push_back(event);
        }
    }

    ClientIdentity m_identity;
    std::string m_tenant;
    std::atomic<bool> m_isOver = false;
    mutable std::mutex m_mutex;
    std::vector<EventText> m_acknowledged;
    std::thread m_thread;
};

/// How often it stands there; a reply of a thousand results is not parsed for each of them.
std::size_t countOf(std::string_view text, std::string_view word)
{
    std::size_t count = 0;
    for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + word.size()))
        ++count;
    return count;
}

} // namespace

class TestPowerCut : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void acknowledgedIsOnTheDisk();
    void withoutFlushesItIsNot();

private:
    /// Freezes the disk after some more acknowledgements, starts a server on the copy, and tells how many of
    /// the acknowledged events it has lost; nothing when the copy itself is in no order.
    std::optional<std::size_t> lostInACut(const Reporter& reporter, std::string& problem);

    std::optional<PowerDisk> m_disk;
    std::unique_ptr<ServerFixture> m_server;
    int m_cuts = 0;
    std::size_t m_acknowledged = 0; ///< before the last cut
};

void TestPowerCut::initTestCase()
{
    if (const std::string why = whyNoLoopDisk(); !why.empty())
        QSKIP(why.c_str());
    if (const std::string why = whyNoInjection(); !why.empty())
        QSKIP(("the control is impossible: " + why).c_str());
    m_disk.emplace();
    m_server = std::make_unique<ServerFixture>(m_disk->directory() / "data");
    m_server->start();
}

std::optional<std::size_t> TestPowerCut::lostInACut(const Reporter& reporter, std::string& problem)
{
    const std::size_t before = reporter.count();
    if (!QTest::qWaitFor([&] { return reporter.count() >= before + eventsBetweenCuts; }, 60'000)) {
        problem = "nothing is acknowledged any more";
        return std::nullopt;
    }
    const std::vector<EventText> acknowledged = reporter.acknowledged();
    m_acknowledged = acknowledged.size();
    const std::string name = "cut-" + std::to_string(++m_cuts);
    m_disk->snapshot(name);
    std::size_t lost = 0;
    {
        const auto frozen = m_disk->mounted(name);
        ServerFixture recovered(frozen->directory() / "data");
        recovered.start();
        const HttpsClient client = recovered.client();
        constexpr std::size_t inABatch = 1'000;
        for (std::size_t first = 0; first < acknowledged.size() && problem.empty(); first += inABatch) {
            const auto begin = acknowledged.begin() + static_cast<std::ptrdiff_t>(first);
            const std::size_t size = std::min(inABatch, acknowledged.size() - first);
            const HttpReply reply =
                client.sendUntilReady({.method = "POST",
                                       .target = "/api/v1/usage?wait=settled",
                                       .body = batchOf({begin, begin + static_cast<std::ptrdiff_t>(size)})});
            if (reply.status != 202 || reply.at("settled") != "true")
                problem = "repeated: " + reply.outcome() + ' ' + reply.body;
            lost += size - std::min(size, countOf(reply.body, R"("status":"duplicate")"));
        }
        if (recovered.stop() != 0)
            problem += "the recovered server did not stop; ";
        problem += complaint(recovered.run("check-invariants"));
        problem += complaint(recovered.run("verify-audit"));
        problem += complaint(recovered.verifyAuditAlone());
    }
    m_disk->forget(name);
    return problem.empty() ? std::optional(lost) : std::nullopt;
}

void TestPowerCut::acknowledgedIsOnTheDisk()
{
    const std::uint64_t trials = trialsOr(5);
    std::vector<std::string> failures;
    signUp(m_server->client(), {.id = "durable"});
    const Reporter reporter(m_server->identity(), "durable");
    for (std::uint64_t trial = 1; trial <= trials; ++trial) {
        std::string problem;
        const auto lost = lostInACut(reporter, problem);
        if (lost != std::size_t{0})
            failures.push_back(std::to_string(trial) + ": " +
                               (lost ? std::to_string(*lost) + " lost" : problem));
    }
    qInfo("power cut: trials=%llu acknowledged=%zu failures=%zu bound=3/%llu control=withoutFlushesItIsNot",
          static_cast<unsigned long long>(trials), m_acknowledged, failures.size(),
          static_cast<unsigned long long>(trials));
    QCOMPARE(text(failures), std::string());
}

void TestPowerCut::withoutFlushesItIsNot()
{
    signUp(m_server->client(), {.id = "careless"});
    const Strace lying(m_server->processId(), {"fdatasync,fsync", "retval=0", ""},
                       m_server->scratch("strace.log"));
    QVERIFY(lying.isAttached());
    const Reporter reporter(m_server->identity(), "careless");
    std::string problem;
    const auto lost = lostInACut(reporter, problem);
    QVERIFY2(lost.has_value(), problem.c_str());
    qInfo("power cut without flushes: %zu of %zu acknowledged events lost", *lost, m_acknowledged);
    QVERIFY2(*lost > 0, "the control lost nothing: the test is invalid");
}

QTEST_GUILESS_MAIN(TestPowerCut)

#include "tst_power_cut.moc"
