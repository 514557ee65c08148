// A draft says which characters its paper will show as codes, and none is warned of that it can show.
// Tests: print_check.cpp
#include "server/documents/print_check.h"
#include "tests/shared/document/sample_invoices.h"

#include <QTest>

using namespace billing;

class TestPrintCheck : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namesTheFieldAndTheCode();
    void everyFontIsInstalled();
};

void TestPrintCheck::namesTheFieldAndTheCode()
{
    Invoice invoice = test::liteInvoice();
    QVERIFY(documents::printWarnings(invoice).empty());
    invoice.buyer.name = "\xE6\xA0\xAA\xE5\xBC\x8F"; // two Han characters
    QVERIFY(documents::printWarnings(invoice).empty());
    invoice.buyer.name += "\x07";
    const auto warnings = documents::printWarnings(invoice);
    QCOMPARE(warnings.size(), std::size_t{1});
    QCOMPARE(warnings[0].code + " " + warnings[0].subject, std::string("unprintable buyer.name"));
    QVERIFY(warnings[0].detail.find("U+0007") != std::string::npos);
}

void TestPrintCheck::everyFontIsInstalled()
{
    // installer/dependencies brings them.
    QVERIFY(documents::missingFontFiles().empty());
}

QTEST_GUILESS_MAIN(TestPrintCheck)
#include "tst_print_check.moc"
