// The server killed at its n-th write, flush, rename or send while an invoice is drafted, finalised (number,
// postings and audit entry in one transaction) and drawn: what was acknowledged is there, asked again nothing
// happens twice, and the books hold. R1, see README.md.
#include "tests/support/printing.h"

#include "tests/faults/crash_sweep.h"
#include "tests/faults/killer.h"
#include "tests/scenarios/requests.h"

using namespace billing;
using namespace billing::test;

namespace {

constexpr auto storeCalls = "pwrite64,fdatasync,fsync,ftruncate,sendto,sendmsg,writev";
constexpr auto fileCalls = "pwrite64,fdatasync,fsync,ftruncate,sendto,sendmsg,writev,write,rename,mkdir";

/// What the clerk was told about the invoice of one tenant; empty where no answer came.
struct Told
{
    std::string tenant;
    std::string draft;  ///< its id
    std::string number; ///< of the finalised invoice
};

} // namespace

class TestCrashBilling : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void draft();
    void finalise();
    void document();
    void theCheckSeesALoss();

private:
    void sweep(const CrashPhase& phase, std::uint64_t fewPoints);
    void newTenant();
    void askForDraft();
    void askToFinalise();
    std::string repeatDraft();
    std::string repeatFinalise();
    std::string waitForDocument();

    ServerFixture m_server;
    std::optional<HttpsClient> m_client;
    int m_tenants = 0;
    Told m_told;
};

void TestCrashBilling::initTestCase()
{
    if (const std::string why = whyNoInjection(); !why.empty())
        QSKIP(why.c_str());
    m_server.start();
    m_client.emplace(m_server.client());
}

void TestCrashBilling::sweep(const CrashPhase& phase, std::uint64_t fewPoints)
{
    const SweepReport report = CrashSweep(m_server).run(phase, trialsOr(fewPoints));
    qInfo("%s", report.line("crash while " + phase.name, "theCheckSeesALoss").c_str());
    QVERIFY(report.hit > 0);
    QCOMPARE(report.failures, std::vector<std::string>());
}

void TestCrashBilling::newTenant()
{
    m_told = {.tenant = "client-" + std::to_string(++m_tenants), .draft = {}, .number = {}};
    signUp(*m_client, {.id = m_told.tenant});
}

void TestCrashBilling::askForDraft()
{
    const HttpReply reply =
        m_client->post("/api/v1/invoices", invoiceRequest(m_told.tenant, "2023-11-01", "2023-12-01"));
    if (reply.status == 201)
        m_told.draft = reply.at("invoice_id");
}

void TestCrashBilling::askToFinalise()
{
    const HttpReply reply = m_client->post("/api/v1/invoices/" + m_told.draft + "/finalise", "");
    if (reply.status == 200)
        m_told.number = reply.at("number");
}

std::string TestCrashBilling::repeatDraft()
{
    const std::string told = m_told.draft;
    const HttpReply reply =
        m_client->post("/api/v1/invoices", invoiceRequest(m_told.tenant, "2023-11-01", "2023-12-01"));
    m_told.draft = reply.at(reply.status == 201 ? "invoice_id" : "detail");
    if (reply.outcome() != "409 period_already_invoiced" && (reply.outcome() != "201" || !told.empty()))
        return (told.empty() ? "repeated: " : told + " was acknowledged; repeated: ") + reply.outcome();
    if (!told.empty() && told != m_told.draft)
        return told + " was acknowledged, there is " + m_told.draft;
    const std::size_t invoices =
        m_client->get("/api/v1/invoices?tenant_id=" + m_told.tenant).count("invoices");
    return invoices == 1 ? std::string() : "there are " + std::to_string(invoices) + " invoices";
}

std::string TestCrashBilling::repeatFinalise()
{
    const bool wasTold = !m_told.number.empty();
    const HttpReply reply = m_client->post("/api/v1/invoices/" + m_told.draft + "/finalise", "");
    if (reply.outcome() != "409 invoice_not_draft" && (reply.outcome() != "200" || wasTold))
        return (wasTold ? "was acknowledged; repeated: " : "repeated: ") + reply.outcome();
    const HttpReply invoice = m_client->get("/api/v1/invoices/" + m_told.draft);
    if (invoice.at("status") != "finalised" || (wasTold && invoice.at("number") != m_told.number))
        return "is " + invoice.at("status") + " with the number " + invoice.at("number");
    return {};
}

std::string TestCrashBilling::waitForDocument()
{
    const HttpReply pdf =
        m_client->sendUntilReady({.target = "/api/v1/invoices/" + m_told.draft + "/pdf", .headers = {}});
    return pdf.status == 200 && pdf.body.starts_with("%PDF-") ? std::string() : "the PDF: " + pdf.outcome();
}

void TestCrashBilling::draft()
{
    sweep({"draft", storeCalls, [this] { newTenant(); }, [this] { askForDraft(); },
           [this] { return repeatDraft(); }},
          8);
}

void TestCrashBilling::finalise()
{
    const auto prepare = [this] {
        newTenant();
        askForDraft();
    };
    sweep({"finalise", storeCalls, prepare, [this] { askToFinalise(); }, [this] { return repeatFinalise(); }},
          12);
}

void TestCrashBilling::document()
{
    const auto prepare = [this] {
        newTenant();
        askForDraft();
    };
    const auto drive = [this] {
        askToFinalise();
        if (!m_told.number.empty())
            waitForDocument();
    };
    const auto repeat = [this] {
        const std::string wrong = repeatFinalise();
        return wrong.empty() ? waitForDocument() : wrong;
    };
    sweep({"document", fileCalls, prepare, drive, repeat}, 6);
}

void TestCrashBilling::theCheckSeesALoss()
{
    newTenant();
    m_told.draft = "inv_claimed";
    QVERIFY(repeatDraft().find("was acknowledged") != std::string::npos);
    m_told.number = "claimed-1";
    QVERIFY(repeatFinalise().find("was acknowledged; repeated: 200") != std::string::npos);

    QCOMPARE(m_server.stop().value_or(-1), 0);
    QCOMPARE(complaint(m_server.sqlite("DELETE FROM invoice_line WHERE invoice_id = '" + m_told.draft + "'")),
             std::string());
    m_server.start();
    QVERIFY(CrashSweep(m_server).checkTheStore().find(m_told.draft) != std::string::npos);
}

QTEST_GUILESS_MAIN(TestCrashBilling)

#include "tst_crash_billing.moc"
