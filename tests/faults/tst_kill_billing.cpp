// kill -9 at random moments while invoices are drafted, finalised and printed: each period is billed once, no
// number is missing or given twice, every document is there in the end, and the books hold. See README.md.
#include "tests/support/printing.h"

#include "tests/faults/killer.h"
#include "tests/scenarios/requests.h"

#include <QDate>
#include <QElapsedTimer>

#include <array>
#include <atomic>
#include <set>
#include <thread>

using namespace billing;
using namespace std::chrono_literals;

namespace {

constexpr int monthsOfATenant = 12;

/// Signs up one tenant after the other and bills their months, each request again until its answer has come:
/// what a careful operator's script does. Runs on a thread of its own.
class Clerk
{
public:
    explicit Clerk(test::ClientIdentity identity)
        : m_identity(std::move(identity))
    {
    }

    void work()
    {
        m_client.emplace(m_identity);
        for (int number = 1; !m_enough && m_problem.empty(); ++number)
            serve({.id = "client-" + std::to_string(number)});
    }
    /// The server has come up again: what failed is worth another try.
    void serverIsBack()
    {
        ++m_lives;
        m_lives.notify_all();
    }
    void enough() { m_enough = true; }

    const std::string& problem() const { return m_problem; }            ///< after work has ended
    const std::vector<std::string>& finalised() const { return m_ids; } ///< after work has ended
    int answersLost() const { return m_answersLost; }                   ///< after work has ended

private:
    void serve(const test::TenantWish& wish)
    {
        ask("/api/v1/tenants", test::tenantRequest(wish), {"201", "409 already_exists"});
        ask("/api/v1/subscriptions", test::subscriptionRequest(wish), {"201", "409 subscription_overlaps"});
        for (int month = 0; month < monthsOfATenant && !m_enough && m_problem.empty(); ++month) {
            const QDate start = QDate(2023, 11, 1).addMonths(month);
            const test::HttpReply draft =
                ask("/api/v1/invoices",
                    test::invoiceRequest(wish.id, start.toString(Qt::ISODate).toStdString(),
                                         start.addMonths(1).toString(Qt::ISODate).toStdString()),
                    {"201", "409 period_already_invoiced"});
            const std::string id = draft.at(draft.status == 201 ? "invoice_id" : "detail");
            ask("/api/v1/invoices/" + id + "/finalise", "", {"200", "409 invoice_not_draft"});
            m_ids.push_back(id);
        }
    }
    /// The first outcome is what a first try gets, the second what it gets when only the answer was lost.
    test::HttpReply ask(const std::string& target, const std::string& body,
                        const std::array<std::string, 2>& expected)
    {
        bool tried = false;
        while (m_problem.empty()) {
            const int life = m_lives;
            const test::HttpReply reply = m_client->post(target, body);
            if (reply.outcome() == expected[0] || (tried && reply.outcome() == expected[1])) {
                m_answersLost += reply.outcome() == expected[1] ? 1 : 0;
                return reply;
            }
            if (reply.status == 0)
                m_lives.wait(life);
            else if (reply.status != 503)
                m_problem = target + ": " + reply.outcome() + ' ' + reply.body;
            tried = true;
        }
        return {};
    }

    test::ClientIdentity m_identity;
    std::optional<test::HttpsClient> m_client;
    std::atomic<int> m_lives = 0;
    std::atomic<bool> m_enough = false;
    std::string m_problem;
    std::vector<std::string> m_ids;
    int m_answersLost = 0;
};

} // namespace

class TestKillBilling : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyPeriodIsBilledOnce();
    void everyDocumentIsThere();
    void theBooksHold();
    void theCheckSeesALoss_data();
    void theCheckSeesALoss();

private:
    test::ServerFixture m_server;
    std::vector<std::string> m_invoices;
};

void TestKillBilling::everyPeriodIsBilledOnce()
{
    QElapsedTimer clock;
    clock.start();
    m_server.start();
    test::Killer killer(m_server, test::seedOfThisRun());
    Clerk clerk(m_server.identity());
    std::thread working([&] { clerk.work(); });
    while (killer.kills() < test::trialsOfThisRun()) {
        // The server ends on its own only by a crash; the limit is the moment of the kill.
        if (m_server.waitForExit(killer.nextLife(250ms)))
            break;
        killer.killAndRestart();
        clerk.serverIsBack();
    }
    clerk.enough();
    clerk.serverIsBack();
    working.join();
    qInfo("BILLING_SEED=%llu: %llu kills (and %llu while starting) in %lld ms, %zu invoices, %d answers lost",
          static_cast<unsigned long long>(test::seedOfThisRun()),
          static_cast<unsigned long long>(killer.kills()),
          static_cast<unsigned long long>(killer.killsAtBirth()), static_cast<long long>(clock.elapsed()),
          clerk.finalised().size(), clerk.answersLost());
    QCOMPARE(clerk.problem(), std::string());
    QCOMPARE(killer.kills(), test::trialsOfThisRun());
    m_invoices = clerk.finalised();
    QVERIFY(!m_invoices.empty());

    const test::HttpsClient client = m_server.client();
    std::set<std::string> listed;
    std::string cursor;
    do {
        const test::HttpReply page = client.get("/api/v1/invoices?status=finalised&limit=200" +
                                                (cursor.empty() ? cursor : "&cursor=" + cursor));
        for (std::size_t i = 0; i < page.count("invoices"); ++i)
            listed.insert(page.at("invoices/" + std::to_string(i) + "/invoice_id"));
        cursor = page.at("next_cursor");
    } while (cursor != "(absent)");
    QVERIFY(listed == std::set<std::string>(m_invoices.begin(), m_invoices.end()));
}

void TestKillBilling::everyDocumentIsThere()
{
    const test::HttpsClient client = m_server.client();
    for (const std::string& id : m_invoices) {
        const test::HttpReply pdf =
            client.sendUntilReady({.target = "/api/v1/invoices/" + id + "/pdf", .headers = {}});
        QCOMPARE(pdf.outcome(), std::string("200"));
        QVERIFY(pdf.body.starts_with("%PDF-"));
    }
}

void TestKillBilling::theBooksHold()
{
    QCOMPARE(m_server.stop().value_or(-1), 0);
    QCOMPARE(test::complaint(m_server.run("check-invariants")), std::string());
    QCOMPARE(test::complaint(m_server.run("verify-audit")), std::string());
    QCOMPARE(test::complaint(m_server.verifyAuditAlone()), std::string());
}

void TestKillBilling::theCheckSeesALoss_data()
{
    QTest::addColumn<QString>("theft");
    QTest::newRow("a number given twice")
        << QStringLiteral("UPDATE invoice_series SET last_number = last_number - 1");
    QTest::newRow("a number skipped")
        << QStringLiteral("UPDATE invoice_series SET last_number = last_number + 1");
    QTest::newRow("a line") << QStringLiteral(
        "DELETE FROM invoice_line WHERE invoice_id = (SELECT max(invoice_id) FROM invoice)");
    QTest::newRow("a posting") << QStringLiteral(
        "DROP TRIGGER ledger_entry_no_delete; DELETE FROM ledger_entry WHERE transaction_id = "
        "(SELECT max(transaction_id) FROM ledger_transaction)");
}

void TestKillBilling::theCheckSeesALoss()
{
    QFETCH(QString, theft);
    const auto database = m_server.dataDirectory() / "billing.sqlite";
    const auto whole = m_server.scratch("whole.sqlite");
    std::filesystem::copy_file(database, whole);
    QCOMPARE(test::complaint(m_server.sqlite(theft.toStdString())), std::string());
    const test::Finished checked = m_server.run("check-invariants");
    std::filesystem::rename(whole, database);
    QVERIFY2(checked.exitCode == 1, checked.output.c_str());
    QCOMPARE(test::complaint(m_server.run("check-invariants")), std::string());
}

QTEST_GUILESS_MAIN(TestKillBilling)

#include "tst_kill_billing.moc"
