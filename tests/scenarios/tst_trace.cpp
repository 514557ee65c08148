// One real stream of usage all the way through: the published trace of a language model's requests, sent
// twice over mTLS, metered exactly, billed to the cent, printed, and provable afterwards. Skipped without the
// data set.
#include "tests/support/printing.h"

#include "tests/scenarios/requests.h"
#include "tests/scenarios/server_fixture.h"
#include "tests/support/environment.h"

#include <QStandardPaths>

#include <fstream>

using namespace billing;

namespace {

// Sums of the file's columns, and what they cost at 0.030 and 0.060 USD per 1,000, rounded once per line.
const test::TokenTotals wholeTrace{"22361870", "4088665"};
constexpr auto inputAmount = "670.86";
constexpr auto outputAmount = "245.32";
constexpr auto eventsOfTrace = "38732";

constexpr auto tenant = "azure-reader";

} // namespace

class TestTrace : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void everyTokenIsCounted();
    void theInvoiceHasTheExactLines();
    void theDocumentShowsThem();
    void sendingAgainChangesNothing();
    void theBooksProveIt();

private:
    test::Finished send() const
    {
        return test::runToEnd(
            m_server->sender({"--backfill", "--format", "csv", "--tenant", tenant, "--event-id-prefix",
                              "azure", "--time-column", "TIMESTAMP", "--assume-utc", "--event",
                              "llm_tokens=ContextTokens,model=gpt4,direction=input", "--event",
                              "llm_tokens=GeneratedTokens,model=gpt4,direction=output", m_trace.string()}),
            std::chrono::seconds(90));
    }

    std::filesystem::path m_trace;
    std::unique_ptr<test::ServerFixture> m_server;
    std::optional<test::HttpsClient> m_client;
    std::string m_invoice;
};

void TestTrace::initTestCase()
{
    const auto shared = test::sharedDirectory();
    if (!shared || !std::filesystem::exists(*shared / "data" / "azure-llm-2023-conv.csv"))
        QSKIP("the trace azure-llm-2023-conv.csv is not beside the source tree");
    m_trace = *shared / "data" / "azure-llm-2023-conv.csv";
    m_server = std::make_unique<test::ServerFixture>();
    m_server->start();
    m_client.emplace(m_server->client());
    test::signUp(*m_client, {.id = tenant});
}

void TestTrace::everyTokenIsCounted()
{
    const test::Finished sent = send();
    QCOMPARE(test::complaint(sent), std::string());
    QCOMPARE(sent.output,
             std::string("accepted ") + eventsOfTrace + "\nduplicate 0\nconflict 0\nrejected 0\n");
    QCOMPARE(test::novemberTokens(*m_client, tenant).input, wholeTrace.input);
    QCOMPARE(test::novemberTokens(*m_client, tenant).output, wholeTrace.output);
}

void TestTrace::theInvoiceHasTheExactLines()
{
    const test::HttpReply draft =
        m_client->post("/api/v1/invoices", test::invoiceRequest(tenant, "2023-11-01", "2023-12-01"));
    QCOMPARE(draft.outcome(), std::string("201"));
    m_invoice = draft.at("invoice_id");
    const test::HttpReply finalised =
        m_client->sendUntilReady({.method = "POST", .target = "/api/v1/invoices/" + m_invoice + "/finalise"});
    QCOMPARE(finalised.outcome(), std::string("200"));

    QCOMPARE(finalised.count("lines"), std::size_t(3));
    QCOMPARE(finalised.at("lines/0/charge"), std::string("fee"));
    QCOMPARE(finalised.at("lines/0/amount"), std::string("199.00"));
    QCOMPARE(finalised.at("lines/1/quantity"), wholeTrace.input);
    QCOMPARE(finalised.at("lines/1/unit_price"), std::string("0.03"));
    QCOMPARE(finalised.at("lines/1/amount"), std::string(inputAmount));
    QCOMPARE(finalised.at("lines/2/quantity"), wholeTrace.output);
    QCOMPARE(finalised.at("lines/2/unit_price"), std::string("0.06"));
    QCOMPARE(finalised.at("lines/2/amount"), std::string(outputAmount));
    // A buyer in the United States of a German seller without a registration there: no tax.
    QCOMPARE(finalised.at("tax"), std::string("0.00"));
    QCOMPARE(finalised.at("total"), std::string("1115.18"));
    QCOMPARE(m_client->get("/api/v1/invoices/" + m_invoice).body, finalised.body);
}

void TestTrace::theDocumentShowsThem()
{
    const test::HttpReply pdf =
        m_client->sendUntilReady({.target = "/api/v1/invoices/" + m_invoice + "/pdf", .headers = {}});
    QCOMPARE(pdf.outcome(), std::string("200"));
    QCOMPARE(pdf.headers.at("content-type"), std::string("application/pdf"));
    QVERIFY(pdf.body.starts_with("%PDF-"));
    if (QStandardPaths::findExecutable(QStringLiteral("pdftotext")).isEmpty())
        QSKIP("pdftotext is not installed");
    const auto file = m_server->scratch("invoice.pdf");
    std::ofstream(file, std::ios::binary) << pdf.body;
    const test::Finished text = test::runToEnd({"pdftotext", {"-layout", file.string(), "-"}});
    QCOMPARE(test::complaint(text), std::string());
    for (const char* printed : {"199.00", inputAmount, outputAmount, "22,361,870", "4,088,665", "1,115.18"})
        QVERIFY2(text.output.find(printed) != std::string::npos, printed);
}

void TestTrace::sendingAgainChangesNothing()
{
    const test::Finished again = send();
    QCOMPARE(test::complaint(again), std::string());
    QCOMPARE(again.output,
             std::string("accepted 0\nduplicate ") + eventsOfTrace + "\nconflict 0\nrejected 0\n");
    QVERIFY(test::novemberTokens(*m_client, tenant) == wholeTrace);
}

void TestTrace::theBooksProveIt()
{
    QCOMPARE(m_server->stop().value_or(-1), 0);
    QCOMPARE(test::complaint(m_server->run("check-invariants")), std::string());
    QCOMPARE(test::complaint(m_server->run("verify-audit")), std::string());
    QCOMPARE(test::complaint(m_server->verifyAuditAlone()), std::string());
}

QTEST_GUILESS_MAIN(TestTrace)

#include "tst_trace.moc"
