// A machine without the faces for other scripts: every invoice still has its paper, with codes in place of
// what has no glyph, and the files that lack are named.

// Tests: fallback_faces.cpp
#include "shared/document/fallback_faces.h"

#include "shared/document/invoice_pdf.h"
#include "shared/document/unprintable.h"
#include "tests/shared/document/layout_faults.h"
#include "tests/shared/document/world_invoices.h"
#include "tests/support/temporary_directory.h"

#include <QGuiApplication>
#include <QTest>

using namespace billing;

class TestMissingFaces : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { document::lookForFacesBelow(QString::fromStdString(m_directory.path().string())); }
    void filesAreNamed();
    void codesStandInTheirPlace();
    void worldIsStillPrinted();

private:
    test::TemporaryDirectory m_directory;
};

void TestMissingFaces::filesAreNamed()
{
    const std::vector<std::string> missing = document::missingFaces();
    QVERIFY(missing.size() > 150);
    QVERIFY(std::find(missing.begin(), missing.end(),
                      m_directory.path().string() + "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc") !=
            missing.end());
}

void TestMissingFaces::codesStandInTheirPlace()
{
    Invoice invoice = test::liteInvoice();
    invoice.buyer.name = "株 Thai ท ދ"; // Thaana is built in
    const auto found = document::unprintable(invoice);
    QCOMPARE(found.size(), 1U);
    QCOMPARE(found[0].field + ' ' + found[0].codes(), std::string("buyer.name U+682A U+0E17"));
    const auto layout = document::layOutInvoice(invoice);
    QVERIFY(layout);
    const QString texts = test::textsOf(*layout->pages[0][0].block);
    QVERIFY(texts.contains(QStringLiteral("‹U+682A›")) && texts.contains(QStringLiteral("‹U+0E17›")));
}

void TestMissingFaces::worldIsStillPrinted()
{
    for (const test::NamedInvoice& named : test::worldInvoices()) {
        const auto layout = document::layOutInvoice(named.invoice);
        QVERIFY2(layout, named.name.c_str());
        QVERIFY2(test::faultOf(*layout).isEmpty(), qPrintable(test::faultOf(*layout)));
        QVERIFY2(document::renderInvoicePdf(named.invoice), named.name.c_str());
    }
}

QTEST_MAIN(TestMissingFaces)
#include "tst_missing_faces.moc"
