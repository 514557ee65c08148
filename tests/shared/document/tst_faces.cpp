// Which characters a font file has: as Qt reads it, and nothing from a broken file. Which face a character is
// set in: by its script, from exactly the file that is named.

// Tests: coverage.cpp faces.cpp fallback_faces.cpp
#include "shared/document/coverage.h"
#include "shared/document/faces.h"
#include "tests/support/temporary_directory.h"

#include <QFile>
#include <QGuiApplication>
#include <QRawFont>
#include <QTest>

using namespace billing;

namespace {

const QString noto = QStringLiteral("/usr/share/fonts/truetype/noto/");

QString textOfOne(char32_t code)
{
    return QString::fromUcs4(&code, 1);
}

} // namespace

class TestFaces : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void coverageIsAsQtReadsIt_data();
    void coverageIsAsQtReadsIt();
    void brokenFilesHaveNoCharacters();
    void facesByScript_data();
    void facesByScript();
    void nothingIsMissingHere();
    void aFileIsFound();
    void hanHasForms();
};

void TestFaces::coverageIsAsQtReadsIt_data()
{
    QTest::addColumn<QString>("file");
    QTest::newRow("built in") << QStringLiteral(":/invoice/fonts/InvoiceSans-Regular.ttf");
    QTest::newRow("Thaana") << QStringLiteral(":/invoice/fonts/InvoiceThaana-Bold.ttf");
    QTest::newRow("Arabic") << noto + QStringLiteral("NotoSansArabic-Regular.ttf");
    QTest::newRow("Math") << noto + QStringLiteral("NotoSansMath-Regular.ttf");
    QTest::newRow("collection") << QStringLiteral("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc");
    QTest::newRow("Symbola") << QStringLiteral("/usr/share/fonts/truetype/ancient-scripts/Symbola_hint.ttf");
}

void TestFaces::coverageIsAsQtReadsIt()
{
    QFETCH(QString, file);
    QVERIFY(document::loadFaces());
    const auto coverage = document::Coverage::ofFile(file);
    QVERIFY(coverage);
    const QRawFont raw(file, 100);
    for (char32_t code = 0x20; code < 0x30000; ++code)
        if (coverage->contains(code) != raw.supportsCharacter(static_cast<uint>(code)) &&
            QChar::category(code) != QChar::Other_Surrogate)
            QFAIL(qPrintable(QString::number(static_cast<uint>(code), 16)));
}

void TestFaces::brokenFilesHaveNoCharacters()
{
    const test::TemporaryDirectory directory;
    const QString path = QString::fromStdString(directory.file("font.ttf").string());
    QVERIFY(!document::Coverage::ofFile(path));
    QFile whole(noto + QStringLiteral("NotoSansOgham-Regular.ttf"));
    QVERIFY(whole.open(QIODevice::ReadOnly));
    const QByteArray bytes = whole.readAll();
    const auto write = [&path](const QByteArray& content) {
        QFile file(path);
        return file.open(QIODevice::WriteOnly) && file.write(content) == content.size();
    };
    QVERIFY(write(bytes));
    QVERIFY(document::Coverage::ofFile(path)->contains(0x1681)); // the valid twin
    for (qsizetype size = 0; size < 400; ++size) {
        QVERIFY(write(bytes.left(size)));
        const auto coverage = document::Coverage::ofFile(path);
        QVERIFY(!coverage || coverage->heads().size() == 1);
    }
    for (qsizetype at = 0; at < 400; ++at) {
        QByteArray broken = bytes;
        broken[at] = static_cast<char>(0xFF);
        QVERIFY(write(broken));
        document::Coverage::ofFile(path); // reads no byte outside: the sanitizers watch
    }
}

void TestFaces::facesByScript_data()
{
    QTest::addColumn<char32_t>("code");
    QTest::addColumn<QString>("file");
    const auto row = [](char32_t code, const char* file) {
        QTest::newRow(file) << code << QString::fromLatin1(file);
    };
    row(U'株', "NotoSansCJK-Regular.ttc");
    row(U'ش', "NotoSansArabic-Regular.ttf");
    row(U'ש', "NotoSansHebrew-Regular.ttf");
    row(U'ท', "NotoSansThai-Regular.ttf");
    row(U'क', "NotoSansDevanagari-Regular.ttf");
    row(U'\u0780', "InvoiceThaana-Regular.ttf");
    row(U'\u0F40', "NotoSerifTibetan-Regular.ttf");
    row(U'\U0001E900', "NotoSansAdlam-Regular.ttf");
    row(U'\uA7F7', "NotoSans-Regular.ttf");
    row(U'\u2654', "NotoSansSymbols2-Regular.ttf");
    row(U'\U0001F37A', "Symbola_hint.ttf");
}

void TestFaces::facesByScript()
{
    QFETCH(char32_t, code);
    QFETCH(QString, file);
    const std::vector codes{code};
    const auto face = document::faceWith(codes, document::invoiceSans);
    QVERIFY(face);
    QVERIFY2(document::fileOf(*face, false).endsWith(file), qPrintable(document::fileOf(*face, false)));
    QCOMPARE(document::faceWith(codes, *face), face);
    QVERIFY(document::loadFaces());
    const auto font = document::fallbackFont(*face, document::Face::Bold, 90, document::HanForms::Japanese);
    QVERIFY(font && QRawFont::fromFont(*font).supportsCharacter(static_cast<uint>(code)));
    QVERIFY(!document::faceWith(std::vector<char32_t>{0x0378}, *face));
    QVERIFY(!textOfOne(code).isEmpty());
}

void TestFaces::nothingIsMissingHere()
{
    for (const std::string& file : document::missingFaces())
        QFAIL(file.c_str());
}

void TestFaces::aFileIsFound()
{
    QVERIFY(document::covers(document::invoiceSans, U'a'));
    QVERIFY(!document::covers(document::invoiceSans, U'株'));
    QVERIFY(!document::headsOf(document::invoiceSans, true).empty());
}

void TestFaces::hanHasForms()
{
    const auto face = document::faceWith(std::vector<char32_t>{U'直'}, document::invoiceSans);
    QVERIFY(face && document::hasHanForms(*face));
    QVERIFY(document::loadFaces());
    QStringList families;
    for (const auto forms :
         {document::HanForms::Japanese, document::HanForms::Korean, document::HanForms::Simplified,
          document::HanForms::Traditional, document::HanForms::HongKong})
        families << document::fallbackFont(*face, document::Face::Regular, 90, forms)->family();
    QCOMPARE(families.join(QLatin1Char('|')),
             QStringLiteral(
                 "Noto Sans CJK JP|Noto Sans CJK KR|Noto Sans CJK SC|Noto Sans CJK TC|Noto Sans CJK HK"));
}

QTEST_MAIN(TestFaces)
#include "tst_faces.moc"
