// The connection is cut behind the n-th byte of an answer, for n over the whole answer: the client cannot
// know whether its request was done, sends the same one again, and it has had one effect. R6, see README.md.
#include "tests/support/printing.h"

#include "tests/faults/ack_log.h"
#include "tests/faults/crash_sweep.h"
#include "tests/faults/invoice_acks.h"
#include "tests/faults/killer.h"
#include "tests/support/cutting_proxy.h"

using namespace billing;
using namespace billing::test;

namespace {

constexpr std::uint64_t fewCuts = 40;

/// A request whose answer is cut.
struct CutRequest
{
    std::string name;
    std::function<void()> prepare;      ///< leaves an open connection
    std::function<HttpReply()> request; ///< what is cut
    std::function<std::string()> repeat;
};

} // namespace

class TestReplyCut : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void usage();
    void settledUsage();
    void draft();
    void finalise();
    void anotherIdIsAnotherEffect();
    void theBooksHold();

private:
    void cutEverywhere(const CutRequest& cut);
    ClientIdentity identity() const;

    ServerFixture m_server;
    std::optional<CuttingProxy> m_proxy;
    std::optional<AckLog> m_usage;
    std::optional<InvoiceAcks> m_invoices;
};

void TestReplyCut::initTestCase()
{
    m_server.start();
    const std::string url = m_server.url();
    m_proxy.emplace(static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1))));
    m_usage.emplace(identity(), "reporter");
    m_invoices.emplace(identity());
}

ClientIdentity TestReplyCut::identity() const
{
    ClientIdentity identity = m_server.identity();
    identity.server = "https://127.0.0.1:" + std::to_string(m_proxy->port());
    return identity;
}

void TestReplyCut::cutEverywhere(const CutRequest& cut)
{
    cut.prepare();
    m_proxy->passAll();
    QVERIFY(cut.request().status >= 200);
    const std::size_t length = m_proxy->passedBack();
    QCOMPARE(cut.repeat(), std::string());

    std::vector<std::string> failures;
    std::size_t hit = 0;
    const std::size_t trials = std::min<std::size_t>(length, trialsOr(fewCuts));
    for (std::size_t trial = 0; trial < trials; ++trial) {
        const std::size_t bytes = trial * length / trials;
        cut.prepare();
        m_proxy->cutAfter(bytes);
        cut.request();
        hit += m_proxy->hasCut() ? 1U : 0U;
        m_proxy->passAll();
        if (const std::string wrong = cut.repeat(); !wrong.empty())
            failures.push_back(std::to_string(bytes) + ": " + wrong);
    }
    qInfo("cut %s: reply-bytes=%zu trials=%zu hit=%zu failures=%zu bound=3/%zu "
          "control=anotherIdIsAnotherEffect",
          cut.name.c_str(), length, trials, hit, failures.size(), std::max<std::size_t>(hit, 1));
    QCOMPARE(text(failures), std::string());
    QCOMPARE(hit, trials);
}

void TestReplyCut::usage()
{
    cutEverywhere({"usage",
                   [this] {
                       m_usage->beginTrial();
                       m_usage->client().get("/health/live");
                   },
                   [this] { return m_usage->sendSingles(1); }, [this] { return m_usage->repeat(); }});
}

void TestReplyCut::settledUsage()
{
    cutEverywhere({"settled batch",
                   [this] {
                       m_usage->beginTrial();
                       m_usage->client().get("/health/live");
                   },
                   [this] { return m_usage->sendBatch(3, AckLog::Wait::Settled); },
                   [this] { return m_usage->repeat(); }});
}

void TestReplyCut::draft()
{
    cutEverywhere({"draft", [this] { m_invoices->newTenant(); }, [this] { return m_invoices->askForDraft(); },
                   [this] { return m_invoices->repeatDraft(); }});
}

void TestReplyCut::finalise()
{
    cutEverywhere({"finalise",
                   [this] {
                       m_invoices->newTenant();
                       m_invoices->askForDraft();
                   },
                   [this] { return m_invoices->askToFinalise(); },
                   [this] { return m_invoices->repeatFinalise(); }});
}

/// The control: the cut answers' requests had been done, so a client that asks again under another identity
/// doubles them.
void TestReplyCut::anotherIdIsAnotherEffect()
{
    AckLog careless(identity(), "careless");
    careless.client().get("/health/live");
    m_proxy->cutAfter(0);
    careless.sendSingles(1);
    QVERIFY(m_proxy->hasCut());
    careless.sendSingles(1);
    QCOMPARE(careless.repeat(), std::string()); // settles both
    QVERIFY(careless.total() != "1");
}

void TestReplyCut::theBooksHold()
{
    QCOMPARE(CrashSweep(m_server).checkTheStore(), std::string());
}

QTEST_GUILESS_MAIN(TestReplyCut)

#include "tst_reply_cut.moc"
