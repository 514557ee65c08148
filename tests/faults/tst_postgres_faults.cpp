// The server on PostgreSQL. The connection between them is cut behind the n-th byte that PostgreSQL sends,
// the answer to a COMMIT among them: what had been committed is known again and not done twice. And the
// server is killed at its n-th send, to PostgreSQL or to the client. R1 and R6, see README.md.
#include "tests/support/printing.h"

#include "tests/faults/ack_log.h"
#include "tests/faults/crash_sweep.h"
#include "tests/faults/invoice_acks.h"
#include "tests/faults/killer.h"
#include "tests/support/cutting_proxy.h"
#include "tests/support/postgres_server.h"

#include <QElapsedTimer>

#include <fstream>

using namespace billing;
using namespace billing::test;

namespace {

constexpr std::uint64_t fewCuts = 8;
constexpr std::uint64_t fewPoints = 4;
constexpr auto sends = "sendto,sendmsg,writev";

bool isExpected(const HttpReply& reply)
{
    return (reply.status >= 200 && reply.status < 300) || reply.status == 503;
}

} // namespace

class TestPostgresFaults : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void usageCut();
    void draftCut();
    void finaliseCut();
    void swallowed();
    void killedWhileIngesting();
    void killedWhileFinalising();
    void theCheckSeesALoss();
    void theBooksHold();

private:
    struct CutRequest
    {
        const char* name;
        std::function<void()> prepare;
        std::function<HttpReply()> request;
        std::function<std::string()> repeat;
    };
    void cutEverywhere(const CutRequest& cut);
    void sweep(const CrashPhase& phase);

    TemporaryDirectory m_directory;
    std::optional<PostgresServer> m_postgres;
    std::optional<CuttingProxy> m_proxy;
    std::unique_ptr<ServerFixture> m_server;
    std::optional<AckLog> m_usage;
    std::optional<InvoiceAcks> m_invoices;
};

void TestPostgresFaults::initTestCase()
{
    if (const auto why = PostgresServer::absence())
        QSKIP(why->c_str());
    m_postgres.emplace(PostgresServer::Options{
        .sync = PostgresServer::Sync::Off, .reach = PostgresServer::Reach::SocketAndPort, .settings = {}});
    const PostgresServer::Database database = m_postgres->newDatabase();
    m_proxy.emplace(m_postgres->port());

    const auto data = m_directory.file("data");
    std::filesystem::create_directories(data);
    const auto secret = [&](const char* name, const std::string& password) {
        const auto file = data / name;
        std::ofstream(file) << password << '\n';
        std::filesystem::permissions(file, std::filesystem::perms::owner_read |
                                               std::filesystem::perms::owner_write);
        return file.string();
    };
    const auto connection = [&](const std::string& user) {
        return "host=127.0.0.1 port=" + std::to_string(m_proxy->port()) + " dbname=" + database.name +
               " user=" + user;
    };
    std::ofstream(data / "billing.toml")
        << "[storage]\nengine = \"postgresql\"\nconnection = \"" << connection(database.app)
        << "\"\nowner_connection = \"" << connection(database.owner) << "\"\npassword_file = \""
        << secret("password", database.password) << "\"\nowner_password_file = \""
        << secret("owner-password", database.ownerPassword) << "\"\n";
    m_server = std::make_unique<ServerFixture>(data);
    m_server->start();
    m_usage.emplace(m_server->identity(), "reporter");
    m_invoices.emplace(m_server->identity());
}

void TestPostgresFaults::cutEverywhere(const CutRequest& cut)
{
    cut.prepare();
    m_proxy->passAll();
    QVERIFY(cut.request().status >= 200);
    const std::size_t length = m_proxy->passedBack();
    QCOMPARE(cut.repeat(), std::string());

    std::vector<std::string> failures;
    int hit = 0;
    int refused = 0;
    const std::size_t trials = std::min<std::size_t>(length, trialsOr(fewCuts));
    for (std::size_t trial = 0; trial < trials; ++trial) {
        const std::size_t bytes = trial * length / trials;
        cut.prepare();
        m_proxy->cutAfter(bytes);
        const HttpReply reply = cut.request();
        hit += m_proxy->hasCut() ? 1 : 0;
        refused += reply.status == 503 ? 1 : 0;
        m_proxy->passAll();
        std::string wrong = isExpected(reply) ? std::string() : reply.outcome() + ' ' + reply.failure;
        wrong += cut.repeat();
        if (!wrong.empty())
            failures.push_back(std::to_string(bytes) + ": " + wrong);
    }
    qInfo("PostgreSQL cut, %s: reply-bytes=%zu trials=%zu hit=%d refused=%d failures=%zu bound=3/%d "
          "control=theCheckSeesALoss",
          cut.name, length, trials, hit, refused, failures.size(), std::max(hit, 1));
    QCOMPARE(text(failures), std::string());
    QVERIFY(hit > 0);
}

void TestPostgresFaults::usageCut()
{
    cutEverywhere({"usage", [this] { m_usage->beginTrial(); }, [this] { return m_usage->sendSingles(1); },
                   [this] { return m_usage->repeat(); }});
}

void TestPostgresFaults::draftCut()
{
    cutEverywhere({"draft", [this] { m_invoices->newTenant(); }, [this] { return m_invoices->askForDraft(); },
                   [this] { return m_invoices->repeatDraft(); }});
}

void TestPostgresFaults::finaliseCut()
{
    cutEverywhere({"finalise",
                   [this] {
                       m_invoices->newTenant();
                       m_invoices->askForDraft();
                   },
                   [this] { return m_invoices->askToFinalise(); },
                   [this] { return m_invoices->repeatFinalise(); }});
}

/// A network that says nothing any more, for good where it was under way: refused in time, and soon well.
void TestPostgresFaults::swallowed()
{
    m_usage->beginTrial();
    m_proxy->passAll();
    QCOMPARE(m_usage->sendSingles(1).status, 201);
    m_proxy->swallowAll();
    QElapsedTimer time;
    time.start();
    QCOMPARE(m_usage->sendSingles(1).outcome(), std::string("503 storage_unavailable"));
    const auto refusedAfter = time.elapsed();
    QVERIFY2(refusedAfter < 15'000, std::to_string(refusedAfter).c_str());
    QCOMPARE(m_usage->client().get("/health/ready").status, 503);
    m_proxy->passAll();
    time.restart();
    // What PostgreSQL had begun for the lost connections it ends itself, 10 s after their last word.
    QTRY_COMPARE_WITH_TIMEOUT(m_usage->sendSingles(1).status, 201, 20'000);
    qInfo("PostgreSQL's network swallows all: refused-after-ms=%lld back-after-ms=%lld",
          static_cast<long long>(refusedAfter), static_cast<long long>(time.elapsed()));
    QTRY_COMPARE_WITH_TIMEOUT(m_usage->client().get("/health/ready").status, 200, 10'000);
    QCOMPARE(m_usage->repeat(), std::string());
}

void TestPostgresFaults::sweep(const CrashPhase& phase)
{
    if (const std::string why = whyNoInjection(); !why.empty())
        QSKIP(why.c_str());
    const SweepReport report = CrashSweep(*m_server).run(phase, trialsOr(fewPoints));
    qInfo("%s", report.line("PostgreSQL, crash while " + phase.name, "theCheckSeesALoss").c_str());
    QVERIFY(report.hit > 0);
    QCOMPARE(text(report.failures), std::string());
}

void TestPostgresFaults::killedWhileIngesting()
{
    sweep({"ingest", sends, [this] { m_usage->beginTrial(); },
           [this] {
               if (m_usage->sendSingles(2).status == 201)
                   m_usage->sendBatch(5, AckLog::Wait::Settled);
           },
           [this] { return m_usage->repeat(); }});
}

void TestPostgresFaults::killedWhileFinalising()
{
    sweep({"finalise", sends,
           [this] {
               m_invoices->newTenant();
               m_invoices->askForDraft();
           },
           [this] { m_invoices->askToFinalise(); }, [this] { return m_invoices->repeatFinalise(); }});
}

void TestPostgresFaults::theCheckSeesALoss()
{
    m_usage->beginTrial();
    m_usage->claimOneMore();
    QVERIFY(m_usage->repeat().find("was acknowledged and is settled") != std::string::npos);
    m_invoices->newTenant();
    m_invoices->claimDraft("inv_claimed");
    QVERIFY(m_invoices->repeatDraft().find("was acknowledged") != std::string::npos);
}

void TestPostgresFaults::theBooksHold()
{
    QCOMPARE(CrashSweep(*m_server).checkTheStore(), std::string());
    QCOMPARE(m_server->stop().value_or(-1), 0);
}

QTEST_GUILESS_MAIN(TestPostgresFaults)

#include "tst_postgres_faults.moc"
