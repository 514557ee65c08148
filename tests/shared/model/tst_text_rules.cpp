// Texts of the world pass; what hides, turns round or ends a line is refused by code point and place.
#include "shared/model/text_rules.h"

#include <QTest>

using namespace billing;

class TestTextRules : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void passes_data();
    void passes();
    void refuses_data();
    void refuses();
    void saysWhereAndNeverWhat();
    void seesWhatIsVisible_data();
    void seesWhatIsVisible();
    void namesNeedSomethingToSee();
    void trims_data();
    void trims();
};

namespace {

std::string utf8(const QByteArray& text)
{
    return text.toStdString();
}

QByteArray of(std::initializer_list<char32_t> characters)
{
    // A byte order mark at the start would be swallowed.
    const std::u32string text = U"x" + std::u32string(characters);
    return QString::fromUcs4(text.data(), static_cast<qsizetype>(text.size())).toUtf8().mid(1);
}

} // namespace

void TestTextRules::passes_data()
{
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char* name, const QByteArray& text) { QTest::newRow(name) << text; };
    row("empty", "");
    row("ASCII", "ACME, Inc. (U.S.) #1 & Co.");
    row("German", "Müller & Söhne GmbH");
    row("decomposed", "Mu\xCC\x88ller");
    row("Greek", "Αθηναϊκή Ζυθοποιία Α.Ε.");
    row("Cyrillic", "ООО «Ромашка»");
    row("Japanese", "株式会社テスト");
    row("Japanese with its space", "株式会社　テスト");
    row("Korean", "주식회사 테스트");
    row("Chinese", "测试有限公司");
    row("Chinese of plane 2", "𠮷野家");
    row("Arabic", "شركة الاختبار");
    row("Hebrew with marks", "חברת בדיקה (2020)\xE2\x80\x8F בע״מ");
    row("Hebrew points", "שָׁלוֹם");
    row("Thai", "บริษัท ทดสอบ จำกัด");
    row("Hindi", "परीक्षण प्राइवेट लिमिटेड");
    row("Hindi with ZWJ", of({0x0915, 0x094D, 0x200D, 0x0937}));
    row("Bengali with ZWJ before the virama", of({0x09B0, 0x200D, 0x09CD, 0x09AF}));
    row("Persian with ZWNJ", of({0x0645, 0x06CC, 0x200C, 0x062E, 0x0648, 0x0627, 0x0647, 0x0645}));
    row("Mongolian", of({0x1828, 0x180B, 0x1820, 0x180E, 0x1820}));
    row("emoji", "Rocket 🚀 Ltd");
    row("emoji joined by ZWJ and varied", of({0x2764, 0xFE0F, 0x200D, 0x1F525}));
    row("emoji family", of({0x1F468, 0x200D, 0x1F469, 0x200D, 0x1F467}));
    row("keycap", of({0x31, 0xFE0F, 0x20E3}));
    row("varied ideograph", of({0x845B, 0xE0100}));
    row("eight marks", "a" + QByteArray("\xCC\x81").repeated(8));
    row("no-break spaces", of({0x31, 0x00A0, 0x32, 0x202F, 0x33}));
    row("Braille with its blank", of({0x2801, 0x2800, 0x2802}));
    row("replacement character", of({0xFFFD}));
}

void TestTextRules::passes()
{
    QFETCH(const QByteArray, text);
    const auto checked = checkText("name", utf8(text));
    QVERIFY2(checked, checked ? "" : checked.error().detail.c_str());
}

void TestTextRules::refuses_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("detail"); // its start
    const auto row = [](const QByteArray& text, const char* detail) {
        QTest::newRow(detail) << text << QByteArray(detail);
    };
    const auto alone = [&](char32_t c, const char* detail) { row("ab" + of({c}) + "c", detail); };
    row(QByteArray("ab\0c", 4), "U+0000 at character 3, which is a control");
    alone(0x09, "U+0009 at character 3, which is a control");
    alone(0x0A, "U+000A at character 3");
    alone(0x0D, "U+000D at character 3");
    alone(0x1B, "U+001B at character 3");
    alone(0x7F, "U+007F at character 3");
    alone(0x85, "U+0085 at character 3");
    alone(0x9B, "U+009B at character 3");
    alone(0x2028, "U+2028 at character 3, which is a control");
    alone(0x2029, "U+2029 at character 3");
    for (const char32_t c :
         std::u32string{0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069}) {
        const std::string detail = "U+" + QByteArray::number(c, 16).toUpper().toStdString() +
                                   " at character 3, which changes the direction";
        row("ab" + of({c}) + "c", detail.c_str());
    }
    for (const char32_t c :
         std::u32string{0x034F,  0x115F,  0x1160,  0x17B4,  0x17B5,  0x200B,  0x2060, 0x2061,
                        0x2064,  0x206A,  0x206F,  0x3164,  0xFEFF,  0xFFA0,  0xFFF9, 0xFFFC,
                        0x13430, 0x16FE4, 0x1BCA0, 0x1D173, 0xE0001, 0xE0041, 0xE007F}) {
        const std::string hex = QByteArray::number(c, 16).toUpper().rightJustified(4, '0').toStdString();
        row("ab" + of({c}) + "c", ("U+" + hex + " at character 3, which cannot be seen").c_str());
    }
    alone(0xAD, "U+00AD at character 3, which cannot be seen");
    alone(0xE000, "U+E000 at character 3, which is for private use");
    alone(0xF8FF, "U+F8FF at character 3, which is for private use");
    alone(0xF0000, "U+F0000 at character 3, which is for private use");
    alone(0x10FFFD, "U+10FFFD at character 3, which is for private use");
    row("ab\xEF\xBF\xBE"
        "c",
        "U+FFFE at character 3, which is no character");
    row("ab\xEF\xBF\xBF"
        "c",
        "U+FFFF at character 3, which is no character");
    row("ab\xEF\xB7\x90"
        "c",
        "U+FDD0 at character 3, which is no character");
    row("ab\xF0\x9F\xBF\xBE"
        "c",
        "U+1FFFE at character 3, which is no character");
    alone(0x40000, "U+40000 at character 3, which is no character");
    alone(0xDFFF0, "U+DFFF0 at character 3, which is no character");
    alone(0xE0200, "U+E0200 at character 3, which is no character");
    row(of({0x200D}) + "ab", "U+200D at character 1, which joins nothing");
    row("ab" + of({0x200D}), "U+200D at character 3, which joins nothing");
    row("ab" + of({0x200C}) + " c", "U+200C at character 3, which joins nothing");
    row("ab " + of({0x200C}) + "c", "U+200C at character 4, which joins nothing");
    row("a" + of({0x200C, 0x200D}) + "c", "U+200C at character 2, which joins nothing");
    row(of({0xFE0F}) + "a", "U+FE0F at character 1, which varies nothing");
    row("a" + of({0xFE0F, 0xFE0E}), "U+FE0E at character 3, which varies nothing");
    row("a " + of({0xE0100}), "U+E0100 at character 3, which varies nothing");
    row("a" + QByteArray("\xCC\x81").repeated(9),
        "U+0301 at character 10, which is one combining mark too many");
}

void TestTextRules::refuses()
{
    QFETCH(const QByteArray, text);
    QFETCH(const QByteArray, detail);
    const auto checked = checkText("legal_name", utf8(text));
    QVERIFY(!checked);
    QCOMPARE(checked.error().code, ErrorCode::InvalidCharacter);
    QCOMPARE(checked.error().subject, std::string("legal_name"));
    QVERIFY2(checked.error().detail.starts_with(utf8(detail)), checked.error().detail.c_str());
    // Its twin: the same without what is refused.
    QVERIFY(checkText("legal_name", "abc"));
}

void TestTextRules::saysWhereAndNeverWhat()
{
    const auto refused = checkText("name", "株式会社\xE2\x80\xAEsecret");
    QCOMPARE(refused.error().detail,
             std::string("U+202E at character 5, which changes the direction of the text around it"));
    for (const char* malformed :
         {"ab\xFF", "ab\xC0\xAF", "ab\xE2\x82", "ab\xED\xA0\x80", "ab\xF4\x90\x80\x80", "ab\x80"}) {
        const auto checked = checkText("name", malformed);
        QVERIFY(!checked);
        QCOMPARE(checked.error().code, ErrorCode::InvalidUtf8);
        QCOMPARE(checked.error().detail, std::string("at character 3"));
    }
}

void TestTextRules::seesWhatIsVisible_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("visible");
    const auto row = [](const char* name, const QByteArray& text, bool visible) {
        QTest::newRow(name) << text << visible;
    };
    row("nothing", "", false);
    row("spaces", "   ", false);
    row("no-break space", of({0xA0}), false);
    row("spaces of typography", of({0x2000, 0x2003, 0x200A, 0x202F, 0x205F, 0x1680}), false);
    row("ideographic space", of({0x3000}), false);
    row("Braille blank", of({0x2800}), false);
    row("marks", of({0x200E, 0x200F, 0x061C}), false);
    row("a combining mark alone", of({0x0301}), false);
    row("a letter behind a space", " a", true);
    row("a dash", "-", true);
    row("one ideograph", "株", true);
    row("an emoji", "🚀", true);
    row("malformed",
        "\xFF"
        "a",
        false);
}

void TestTextRules::seesWhatIsVisible()
{
    QFETCH(const QByteArray, text);
    QFETCH(const bool, visible);
    QCOMPARE(hasVisible(utf8(text)), visible);
    QVERIFY(!hasSpace("a-b") && hasSpace("a b") && hasSpace("a\xE3\x80\x80") && hasSpace("\xC2\xA0"));
}

void TestTextRules::namesNeedSomethingToSee()
{
    QVERIFY(checkName("legal_name", "ACME"));
    const auto blank = checkName("legal_name", "\xE3\x80\x80 ");
    QCOMPARE(blank.error().code, ErrorCode::InvalidValue);
    QCOMPARE(blank.error().subject, std::string("legal_name"));
    QCOMPARE(checkName("legal_name", "\xE2\x80\x8B").error().code, ErrorCode::InvalidCharacter);
}

void TestTextRules::trims_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("trimmed");
    QTest::newRow("nothing to do") << QByteArray("a b") << QByteArray("a b");
    QTest::newRow("both ends") << QByteArray("  a  b ") << QByteArray("a  b");
    QTest::newRow("wide spaces") << of({0x3000, 0x682A, 0xA0}) << of({0x682A});
    QTest::newRow("only spaces") << of({0x3000, 0x20}) << QByteArray();
    QTest::newRow("empty") << QByteArray() << QByteArray();
    QTest::newRow("malformed stays") << QByteArray(" \xFF ") << QByteArray(" \xFF ");
}

void TestTextRules::trims()
{
    QFETCH(const QByteArray, text);
    QFETCH(const QByteArray, trimmed);
    const std::string original = utf8(text);
    QCOMPARE(std::string(withoutOuterSpaces(original)), utf8(trimmed));
}

QTEST_APPLESS_MAIN(TestTextRules)
#include "tst_text_rules.moc"
