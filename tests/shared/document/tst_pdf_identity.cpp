// The stamps of a PDF are replaced in place; a file that looks otherwise is refused untouched by guesswork.

// Tests: pdf_identity.cpp
#include "shared/document/pdf_identity.h"

#include <QTest>

using namespace billing;

namespace {

const char sample[] = "%PDF-1.4\n/CreationDate (D:20261122162100Z)\nxmp:CreateDate=\"2026-11-22T16:21:00Z\" "
                      "xmp:ModifyDate=\"2026-11-22T16:21:00Z\"\n/ID [ <719ed48cd9ae0d93f160840a9e883ec8> "
                      "<719ed48cd9ae0d93f160840a9e883ec8> ]\n%%EOF\n";

const Instant created = *Instant::parse("2023-12-01T00:00:00Z");

} // namespace

class TestPdfIdentity : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refuses_data();
    void refuses();
    void stampsAreReplacedInPlace();
    void identifierFollowsTheContent();
};

void TestPdfIdentity::refuses_data()
{
    QTest::addColumn<QByteArray>("find");
    QTest::addColumn<QByteArray>("replacement");
    QTest::newRow("no creation date") << QByteArray("/CreationDate") << QByteArray("/Creation");
    QTest::newRow("local time") << QByteArray("00Z)") << QByteArray("00+01'00')");
    QTest::newRow("local time in XMP") << QByteArray("00Z\" xmp") << QByteArray("00+01:00\" xmp");
    QTest::newRow("no modification date") << QByteArray("xmp:ModifyDate") << QByteArray("xmp:Modified");
    QTest::newRow("no identifier") << QByteArray("/ID") << QByteArray("/IT");
    QTest::newRow("short identifier") << QByteArray("/ID [ <719ed4") << QByteArray("/ID [ <71");
    QTest::newRow("one identifier") << QByteArray("> <719ed48cd9ae0d93f160840a9e883ec8>") << QByteArray(">");
}

void TestPdfIdentity::refuses()
{
    QFETCH(QByteArray, find);
    QFETCH(QByteArray, replacement);
    QByteArray pdf(sample);
    QVERIFY(pdf.contains(find));
    pdf.replace(find, replacement);
    QCOMPARE(document::fixIdentity(pdf, created).error().code, ErrorCode::RenderFailed);
    QByteArray nothing;
    QVERIFY(!document::fixIdentity(nothing, created));
}

void TestPdfIdentity::stampsAreReplacedInPlace()
{
    QByteArray pdf(sample);
    QVERIFY(document::fixIdentity(pdf, created));
    QCOMPARE(pdf.size(), qsizetype{sizeof(sample) - 1});
    QVERIFY(pdf.contains("(D:20231201000000Z)"));
    QCOMPARE(pdf.count("2023-12-01T00:00:00Z\""), 2);
    QVERIFY(!pdf.contains("2026") && !pdf.contains("719ed48c"));
    const QByteArray first = pdf.mid(pdf.indexOf("/ID [ <") + 7, 32);
    QVERIFY(pdf.contains("/ID [ <" + first + "> <" + first + "> ]"));
}

void TestPdfIdentity::identifierFollowsTheContent()
{
    QByteArray one(sample), same(sample), other(sample);
    same.replace("719ed48c", "00112233");
    other.replace("%%EOF", "%%FOE");
    for (QByteArray* pdf : {&one, &same, &other})
        QVERIFY(document::fixIdentity(*pdf, created));
    QCOMPARE(one, same);
    const auto identifier = [](const QByteArray& pdf) { return pdf.mid(pdf.indexOf("/ID"), 40); };
    QVERIFY(identifier(one) != identifier(other));
}

QTEST_APPLESS_MAIN(TestPdfIdentity)
#include "tst_pdf_identity.moc"
