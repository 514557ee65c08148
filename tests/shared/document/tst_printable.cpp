// Text as paper can show it: what has a glyph stays, what has none or would not be seen becomes its code,
// lines get a direction of their own. And which fields of an invoice that concerns.

// Tests: characters.cpp printable.cpp unprintable.cpp
#include "shared/document/printable.h"

#include "shared/document/characters.h"
#include "shared/document/unprintable.h"
#include "tests/shared/document/sample_invoices.h"

#include <QTest>

using namespace billing;
using namespace std::string_view_literals;

namespace {

/// Paragraphs parted by "|", isolates seen: "<" and ">".
QString printed(const QString& text)
{
    QStringList lines;
    for (const document::Printable& paragraph : document::paragraphsOf(text))
        lines << QString(paragraph.text)
                     .replace(QChar(QChar::LineSeparator), QLatin1Char('|'))
                     .replace(QChar(0x180E), QLatin1Char('^'))
                     .replace(QChar(0x2066), QLatin1Char('<'))
                     .replace(QChar(0x2069), QLatin1Char('>'));
    return lines.join(QLatin1Char('|'));
}

} // namespace

class TestPrintable : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void texts_data();
    void texts();
    void runsCoverTheirText_data();
    void runsCoverTheirText();
    void eachLineHasItsDirection();
    void partsKeepTheirRuns();
    void codesAreAskedFor();
    void composedTextsAreApart();
    void kindsOfCharacters();
    void fieldsOfAnInvoice();
};

void TestPrintable::texts_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* name, const QString& text, const QString& expected) {
        QTest::newRow(name) << text << expected;
    };
    const auto stays = [&row](const char* name, const QString& text) { row(name, text, text); };
    stays("empty", QString());
    stays("Latin, Greek, Cyrillic", QStringLiteral("Straße Ελλάς Київ Việt №\u00AD€₹"));
    stays("Japanese", QStringLiteral("株式会社テスト、（株）"));
    stays("rare Han", QStringLiteral("𠮷野家"));
    stays("Arabic", QStringLiteral("شركة ٪١٢"));
    stays("Thai with a word space", QStringLiteral("บริษัท\u200Bทดสอบ"));
    stays("Hindi with a joiner", QStringLiteral("क्\u200Dष"));
    stays("Persian with a non-joiner", QStringLiteral("می\u200Cخواهم"));
    stays("Hebrew with a direction mark", QStringLiteral("שלום\u200F!"));
    stays("Myanmar marks", QStringLiteral("စမ်းသပ်"));
    stays("emoji sequence", QStringLiteral("👨\u200D👩\u200D👧 👍🏽 🇩🇪"));
    stays("eight marks", QStringLiteral("a\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308"));
    row("variation", QStringLiteral("❤\uFE0F 葛\U000E0100"), QStringLiteral("❤ 葛"));
    row("line ends", QStringLiteral("a\r\nb\rc\u2028d\u0085e"), QStringLiteral("a|b|c|d|e"));
    row("line ends among others", QStringLiteral("株\r\n式\n\n社"), QStringLiteral("株|式||社"));
    row("emoji behind Hindi", QStringLiteral("धन्यवाद 🎉 🎉!"), QStringLiteral("धन्यवाद ^🎉 🎉!"));
    row("emoji before Khmer", QStringLiteral("🎉 សូម"), QStringLiteral("🎉 ^សូម"));
    row("emoji behind Arabic and Thai", QStringLiteral("شركة🎉 ท🎉"), QStringLiteral("شركة🎉 ท🎉"));
    row("a break of somebody else's", QStringLiteral("ध\u180E🎉"), QStringLiteral("ध‹U+180E›🎉"));
    row("control", QStringLiteral("a\u0007b"), QStringLiteral("a‹U+0007›b"));
    row("several", QStringLiteral("\u0001\u0002 x\u007F"), QStringLiteral("‹U+0001 U+0002› x‹U+007F›"));
    row("tab", QStringLiteral("a\tb"), QStringLiteral("a‹U+0009›b"));
    row("NUL", QString(QChar(0)), QStringLiteral("‹U+0000›"));
    row("zero width in Latin", QStringLiteral("AC\u200BME\uFEFF"), QStringLiteral("AC‹U+200B›ME‹U+FEFF›"));
    row("joiner in Latin", QStringLiteral("AC\u200DME"), QStringLiteral("AC‹U+200D›ME"));
    row("direction mark in Latin", QStringLiteral("a\u200E"), QStringLiteral("a‹U+200E›"));
    row("override", QStringLiteral("a\u202Ecba\u202C"), QStringLiteral("a‹U+202E›cba‹U+202C›"));
    row("override of Hebrew", QStringLiteral("שלום\u202E1"), QStringLiteral("שלום<‹U+202E›>1"));
    row("half an isolate", QStringLiteral("שלום\u2067"), QStringLiteral("שלום<‹U+2067›>"));
    row("private use", QStringLiteral("\uE000\U0010FFFD"), QStringLiteral("‹U+E000 U+10FFFD›"));
    row("noncharacter", QStringLiteral("\uFFFF\U0001FFFE"), QStringLiteral("‹U+FFFF U+1FFFE›"));
    row("half a pair", QString(QChar(0xD83D)) + QLatin1Char('a'), QStringLiteral("‹U+D83D›a"));
    row("unassigned", QStringLiteral("\u0378"), QStringLiteral("‹U+0378›"));
    row("lone mark", QStringLiteral("\u0301a"), QStringLiteral("‹U+0301›a"));
    row("mark on a space", QStringLiteral("a \u0301"), QStringLiteral("a ‹U+0301›"));
    row("mark on a control", QStringLiteral("\u0007\u0301"), QStringLiteral("‹U+0007 U+0301›"));
    row("lone variation", QStringLiteral("\uFE0Fa"), QStringLiteral("‹U+FE0F›a"));
    row("blank letters", QStringLiteral("\u3164\u2800"), QStringLiteral("‹U+3164 U+2800›"));
    row("tags", QStringLiteral("🏴\U000E0067\U000E007F"), QStringLiteral("🏴‹U+E0067 U+E007F›"));
    row("seven joined pictures", QStringList(7, QStringLiteral("👩")).join(QChar(0x200D)),
        QStringList(6, QStringLiteral("👩")).join(QChar(0x200D)) + QStringLiteral("\u200D‹U+1F469›"));
    row("eight first letters of Hangul", QString(8, QChar(0x1100)),
        QString(6, QChar(0x1100)) + QStringLiteral("‹U+1100 U+1100›"));
    row("number signs", QStringLiteral("\u0604\u0604\u0661"), QStringLiteral("\u0604\u0661<‹U+0604›>"));
    row("nine marks", QStringLiteral("a") + QString(9, QChar(0x0301)),
        QStringLiteral("a") + QString(8, QChar(0x0301)) + QStringLiteral("‹U+0301›"));
}

void TestPrintable::texts()
{
    QFETCH(QString, text);
    QFETCH(QString, expected);
    QCOMPARE(printed(text), expected);
    QCOMPARE(document::charactersAsCodes(text).empty(), !expected.contains(QStringLiteral("‹U+")));
}

void TestPrintable::runsCoverTheirText_data()
{
    texts_data();
}

void TestPrintable::runsCoverTheirText()
{
    QFETCH(QString, text);
    for (const document::Printable& paragraph : document::paragraphsOf(text)) {
        if (paragraph.plain)
            continue;
        int end = 0;
        for (const document::FaceRun& run : paragraph.runs) {
            QCOMPARE(run.start, end);
            end += run.length;
        }
        QCOMPARE(end, static_cast<int>(paragraph.text.size()));
    }
}

void TestPrintable::eachLineHasItsDirection()
{
    const auto lines =
        document::paragraphsOf(QStringLiteral("12 שלום ABC\nABC שלום\n123\n\u2067שלום\u2069 abc"));
    QCOMPARE(lines.size(), 4U);
    QVERIFY(lines[0].rightToLeft && lines[0].hasRightToLeft);
    QVERIFY(!lines[1].rightToLeft && lines[1].hasRightToLeft);
    QVERIFY(!lines[2].rightToLeft && !lines[2].hasRightToLeft);
    QVERIFY(!lines[3].rightToLeft); // what is isolated does not decide
}

void TestPrintable::partsKeepTheirRuns()
{
    const document::Printable whole = document::paragraphsOf(QStringLiteral("ab株式cd"))[0];
    QCOMPARE(whole.runs.size(), 3U);
    QVERIFY(whole.needsReadingText());
    QVERIFY(!document::paragraphsOf(QStringLiteral("ab\u0007"))[0].needsReadingText());
    QVERIFY(!document::paragraphsOf(QStringLiteral("שלום"))[0].needsReadingText());
}

void TestPrintable::codesAreAskedFor()
{
    const document::Printable whole = document::paragraphsOf(QStringLiteral("a株式‹x›"))[0];
    const document::Printable less = document::withCodes(whole, {false, true});
    QCOMPARE(less.text, QStringLiteral("a‹U+682A›式‹x›"));
    QCOMPARE(document::withCodes(less, {}).text, less.text);
    const document::Printable broken = document::paragraphsOf(QStringLiteral("ध🎉"))[0];
    QCOMPARE(document::withCodes(broken, {}).text, broken.text);
}

void TestPrintable::composedTextsAreApart()
{
    QCOMPARE(document::isolated(QStringLiteral("ABC 12")), QStringLiteral("ABC 12"));
    QCOMPARE(document::isolated(QStringLiteral("שלום")), QStringLiteral("\u2068שלום\u2069"));
    QCOMPARE(document::numberBefore(QStringLiteral("1’000"), QStringLiteral("tokens")),
             QStringLiteral("1’000 tokens"));
    QCOMPARE(document::numberBefore(QStringLiteral("1’000"), QStringLiteral("רשומות")),
             QStringLiteral("\u20661’000\u2069 רשומות"));
}

void TestPrintable::kindsOfCharacters()
{
    for (const char32_t code : U"\u05D0\u0627\u0661\U00010800"sv)
        QVERIFY(document::isRightToLeft(code));
    for (const char32_t code : U"A1\u0E01\u4E00 "sv)
        QVERIFY(!document::isRightToLeft(code));
    for (const char32_t code : U" A\u0600\u06DD\u3000\uFFFD"sv)
        QVERIFY(document::isSeen(code));
    for (const char32_t code : U"\x01\x9F\xAD\u200B\u2028\u3164\uE000\uFE0F\uFFFE\U000E0041"sv)
        QVERIFY(!document::isSeen(code));
}

void TestPrintable::fieldsOfAnInvoice()
{
    Invoice invoice = test::liteInvoice();
    QVERIFY(document::unprintable(invoice).empty());
    invoice.buyer.name = "株式会社 שלום 🍺";
    QVERIFY(document::unprintable(invoice).empty());
    invoice.buyer.address.line1 = "a\u0007b\u202Ec\u0007";
    invoice.buyer.taxIds = {"DE1", "\uE000"};
    invoice.lines[2].rated.description = "\t";
    invoice.notes = {"fine", "\u0301"};
    std::string all;
    for (const document::Unprintable& field : document::unprintable(invoice))
        all += field.field + ": " + field.codes() + "; ";
    QCOMPARE(all, std::string("buyer.address.line1: U+0007 U+202E; buyer.tax_ids[1]: U+E000; "
                              "lines[2].description: U+0009; notes[1]: U+0301; "));
}

QTEST_APPLESS_MAIN(TestPrintable)
#include "tst_printable.moc"
