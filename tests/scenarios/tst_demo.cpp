// The demo as a newcomer gets it: 24 invoices whose PDFs are clean, valid PDF/A-1b and the same bytes in
// every demo, over books that hold; and one of them recomputed by hand.
#include "tests/support/printing.h"

#include "tests/scenarios/server_fixture.h"

#include <QStandardPaths>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>

using namespace billing;

namespace {

constexpr const char* javaLibraries[] = {"preflight",       "pdfbox2",          "fontbox2", "xmpbox",
                                         "commons-logging", "javax.activation", "jaxb-api"};
constexpr std::size_t invoicesOfTheDemo = 24; // eight customers, three months

std::string bytesOf(const std::filesystem::path& file)
{
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

bool isInstalled(const char* program)
{
    return !QStandardPaths::findExecutable(QString::fromLatin1(program)).isEmpty();
}

/// Of the demo's months only: once November is over, a server that runs closes it too.
std::map<std::string, std::string> snapshotsOf(const test::ServerFixture& server)
{
    const test::HttpsClient client = server.client();
    const test::HttpReply list = client.get("/api/v1/invoices?limit=200");
    std::map<std::string, std::string> snapshots;
    for (std::size_t i = 0; i < list.count("invoices"); ++i) {
        const std::string invoice = "invoices/" + std::to_string(i);
        if (list.at(invoice + "/period_start") > "2026-10-31")
            continue;
        snapshots[list.at(invoice + "/number")] =
            client.get("/api/v1/invoices/" + list.at(invoice + "/invoice_id")).body;
    }
    return snapshots;
}

} // namespace

class TestDemo : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void refusesADirectoryInUse();
    void makesAnInvoiceForEveryCustomerAndMonth();
    void qpdfIsContent();
    void preflightCallsEveryDocumentValid();
    void theBooksHold();
    void everyDemoIsTheSame();
    void theAmountsAreWhatAHandComputes_data();
    void theAmountsAreWhatAHandComputes();
    void theTotalsAreWhatAHandComputes();

private:
    std::vector<std::filesystem::path> documents(const test::ServerFixture& server) const;

    test::ServerFixture m_one;
    test::ServerFixture m_other;
    std::map<std::string, std::string> m_snapshots;
};

void TestDemo::initTestCase()
{
    QCOMPARE(test::complaint(m_one.run("demo")), std::string());
    QCOMPARE(test::complaint(m_other.run("demo")), std::string());
}

void TestDemo::refusesADirectoryInUse()
{
    const test::Finished again = m_other.run("demo");
    QCOMPARE(again.exitCode, 1); // the customers exist already
    QVERIFY(again.errors.find("already_exists") != std::string::npos);
    const test::ServerFixture empty;
    QCOMPARE(empty.run("demo", {"--months", "12"}).exitCode, 2);
}

std::vector<std::filesystem::path> TestDemo::documents(const test::ServerFixture& server) const
{
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(server.dataDirectory() / "invoices"))
        if (entry.path().extension() == ".pdf")
            files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

void TestDemo::makesAnInvoiceForEveryCustomerAndMonth()
{
    const auto files = documents(m_one);
    QCOMPARE(files.size(), invoicesOfTheDemo);
    QCOMPARE(files.front().filename().string(), std::string("EB-2026-000001.pdf")); // gapless
    QCOMPARE(files.back().filename().string(), std::string("EB-2026-000024.pdf"));
}

void TestDemo::qpdfIsContent()
{
    if (!isInstalled("qpdf"))
        QSKIP("qpdf is not installed");
    for (const auto& file : documents(m_one))
        QCOMPARE(test::complaint(test::runToEnd({"qpdf", {"--check", file.string()}})), std::string());
}

void TestDemo::preflightCallsEveryDocumentValid()
{
    std::string classPath;
    for (const char* library : javaLibraries) {
        const std::string file = std::string("/usr/share/java/") + library + ".jar";
        if (!std::filesystem::exists(file))
            QSKIP(("Apache Preflight needs " + file).c_str());
        classPath += file + ':';
    }
    if (!isInstalled("java"))
        QSKIP("java is not installed");
    const std::filesystem::path folder = m_one.scratch("preflight"); // it writes its reports beside the files
    std::filesystem::create_directory(folder);
    for (const auto& file : documents(m_one))
        std::filesystem::copy_file(file, folder / file.filename());
    const test::Finished finished = test::runToEnd(
        {"java",
         {"-cp", classPath, "org.apache.pdfbox.preflight.Validator_A1b", "xml", "batch", folder.string()}},
        std::chrono::seconds(240));
    QCOMPARE(test::complaint(finished), std::string());
    for (const auto& file : documents(m_one)) {
        const std::string report = bytesOf(folder / (file.filename().string() + ".preflight.xml"));
        QVERIFY2(report.find("<isValid type=\"PDF/A1-b\">true</isValid>") != std::string::npos,
                 (file.filename().string() + report).c_str());
    }
}

void TestDemo::theBooksHold()
{
    QCOMPARE(test::complaint(m_one.run("check-invariants")), std::string());
    QCOMPARE(test::complaint(m_one.run("verify-audit")), std::string());
    QCOMPARE(test::complaint(m_one.verifyAuditAlone()), std::string());
}

void TestDemo::everyDemoIsTheSame()
{
    const auto ours = documents(m_one);
    const auto theirs = documents(m_other);
    QCOMPARE(ours.size(), theirs.size());
    for (std::size_t i = 0; i < ours.size(); ++i) {
        QCOMPARE(ours[i].filename().string(), theirs[i].filename().string());
        QVERIFY2(bytesOf(ours[i]) == bytesOf(theirs[i]), ours[i].c_str());
    }
    m_one.start();
    m_other.start();
    m_snapshots = snapshotsOf(m_one);
    QCOMPARE(m_snapshots.size(), invoicesOfTheDemo);
    QVERIFY(m_snapshots == snapshotsOf(m_other));
    QCOMPARE(m_one.stop().value_or(-1), 0);
    QCOMPARE(m_other.stop().value_or(-1), 0);
}

// Fjordlicht Energie GmbH, Hamburg, on Lite in EUR, August 2026. The quantities are the demo's seeded usage;
// the amounts were computed by hand from resources/catalog: quantity / divisor x price, half away from zero.
void TestDemo::theAmountsAreWhatAHandComputes_data()
{
    QTest::addColumn<int>("line");
    QTest::addColumn<QByteArray>("charge");
    QTest::addColumn<QByteArray>("dimensions");
    QTest::addColumn<QByteArray>("quantity");
    QTest::addColumn<QByteArray>("price");
    QTest::addColumn<QByteArray>("divisor");
    QTest::addColumn<QByteArray>("amount");
    auto row = [line = 0](const char* charge, const char* dimensions, const char* quantity,
                          const std::array<const char*, 3>& money) mutable {
        QTest::newRow((std::string(charge) + ' ' + dimensions + ' ' + quantity).c_str())
            << line++ << QByteArray(charge) << QByteArray(dimensions) << QByteArray(quantity)
            << QByteArray(money[0]) << QByteArray(money[1]) << QByteArray(money[2]);
    };
    row("fee", "", "1", {"185", "1", "185.00"});
    row("agent_execution", "", "100000", {"0", "1", "0.00"});      // included
    row("agent_execution", "", "1426", {"0.000465", "1", "0.66"}); // 0.66309
    row("api_request", "", "9735560", {"0", "1", "0.00"});         // of 10,000,000 included
    row("llm_tokens", "direction=input,model=claude", "15885385", {"0.023", "1000", "365.36"}); // 365.363855
    row("llm_tokens", "direction=input,model=gpt35", "51020325", {"0.0019", "1000", "96.94"});  // 96.9386175
    row("llm_tokens", "direction=input,model=gpt4", "27869000", {"0.028", "1000", "780.33"});   // 780.332
    row("llm_tokens", "direction=output,model=claude", "3351200", {"0.046", "1000", "154.16"}); // 154.1552
    row("llm_tokens", "direction=output,model=gpt4", "5363239", {"0.056", "1000", "300.34"});   // 300.341384
    row("compute_time", "kind=cpu", "1934785", {"0.046", "3600", "24.72"});  // 24.722252...
    row("compute_time", "kind=gpu_t4", "235491", {"0.46", "3600", "30.09"}); // 30.090516...
}

void TestDemo::theAmountsAreWhatAHandComputes()
{
    QFETCH(int, line);
    QFETCH(QByteArray, charge);
    QFETCH(QByteArray, dimensions);
    QFETCH(QByteArray, quantity);
    QFETCH(QByteArray, price);
    QFETCH(QByteArray, divisor);
    QFETCH(QByteArray, amount);
    const test::HttpReply invoice{.status = 200, .body = m_snapshots["EB-2026-000003"]};
    const std::string place = "lines/" + std::to_string(line);
    QCOMPARE(invoice.at(place + "/charge"), charge.toStdString());
    QCOMPARE(invoice.at(place + "/dimension_key"), dimensions.toStdString());
    QCOMPARE(invoice.at(place + "/quantity"), quantity.toStdString());
    QCOMPARE(invoice.at(place + "/unit_price"), price.toStdString());
    QCOMPARE(invoice.at(place + "/unit_divisor"), divisor.toStdString());
    QCOMPARE(invoice.at(place + "/amount"), amount.toStdString());
}

void TestDemo::theTotalsAreWhatAHandComputes()
{
    const test::HttpReply invoice{.status = 200, .body = m_snapshots["EB-2026-000003"]};
    QCOMPARE(invoice.at("tenant_id"), std::string("fjordlicht"));
    QCOMPARE(invoice.count("lines"), std::size_t(11));
    // 185.00 + 0.66 + 365.36 + 96.94 + 780.33 + 154.16 + 300.34 + 24.72 + 30.09
    QCOMPARE(invoice.at("net"), std::string("1937.60"));
    QCOMPARE(invoice.at("taxes/0/rate"), std::string("0.19"));
    QCOMPARE(invoice.at("tax"), std::string("368.14")); // 368.144
    QCOMPARE(invoice.at("total"), std::string("2305.74"));
    QCOMPARE(invoice.at("issue_date"), std::string("2026-09-02")); // closed 30 h after the month's end
    QCOMPARE(invoice.at("due_date"), std::string("2026-09-16"));
}

QTEST_GUILESS_MAIN(TestDemo)

#include "tst_demo.moc"
