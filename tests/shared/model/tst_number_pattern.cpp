// A pattern that could give two invoices one number, or a number that cannot be read back, is refused.
#include "shared/model/number_pattern.h"

#include <QTest>

#include <set>

using namespace billing;

class TestNumberPattern : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void checks_data();
    void checks();
    void whatPassesNeverRepeats_data();
    void whatPassesNeverRepeats();
    void fills_data();
    void fills();
};

void TestNumberPattern::checks_data()
{
    QTest::addColumn<std::string>("pattern");
    QTest::addColumn<std::string>("series");
    QTest::addColumn<std::string>("detail"); // empty: passes
    const auto row = [](const char* pattern, const char* detail, const char* series = "EB") {
        QTest::newRow((std::string(series) + " " + pattern).c_str())
            << std::string(pattern) << std::string(series) << std::string(detail);
    };
    for (const char* good :
         {"{series}-{year}-{number:6}", "{number}", "{number:6}", "{number:18}", "{year}/{number}",
          "{year}{number:6}", "{series}{number}", "{series}{year}{month}{number:4}", "{number:5}{year}",
          "N\xC2\xB0 {number}", "{number}/A", "\xE8\xAB\x8B\xE6\xB1\x82-{number}", "{year}-{year}-{number}",
          "({series}) {number}"})
        row(good, "");
    row("{series}{number:3}", "", "EB1");
    row("", "must contain {number} once");
    row("{series}-{year}", "must contain {number} once");
    row("{number}-{number}", "must contain {number} once");
    row("{number:6}{number}", "must contain {number} once");
    row("{series}-{year}-{numbers}", "a placeholder other than");
    row("{series}-{Number}", "a placeholder other than");
    row("{ number }", "a placeholder other than");
    row("{}{number}", "a placeholder other than");
    row("{day}-{number}", "a placeholder other than");
    row("{year:4}-{number}", "a placeholder other than");
    row("{series-{number}", "a placeholder other than");
    row("{{number}}", "a placeholder other than");
    row("{number", "a { without its }");
    row("{number}-{", "a { without its }");
    row("{number}-{series", "a { without its }");
    row("{number}}", "a } without its {");
    row("}{number}", "a } without its {");
    for (const char* width : {"{number:}", "{number:0}", "{number:00}", "{number:06}", "{number:19}",
                              "{number:99}", "{number:x}", "{number:6x}", "{number:-6}", "{number:+6}",
                              "{number: 6}", "{number:6 }", "{number:99999999999999999999}"})
        row(width, "expected a width of 1 to 18");
    row("{year}{number}", "{number} beside other digits");
    row("{number}{year}", "{number} beside other digits");
    row("{number}{month}", "{number} beside other digits");
    row("{month}{number:1}", "{number} beside other digits");
    row("2026{number}", "{number} beside other digits");
    row("{number}0", "{number} beside other digits");
    row("{series}{number}", "{number} beside other digits", "EB1");
    row("{number}{series}", "{number} beside other digits", "1EB");
    row(" {number}", "must not begin or end with a space");
    row("{number} ", "must not begin or end with a space");
    row("{number}\xC2\xA0", "must not begin or end with a space");
    row("{number}\n", "U+000A at character");
    row("\xE2\x80\xAE{number}", "U+202E at character 1");
    row("\xE2\x80\x8B{number}", "U+200B at character 1");
    row("{series}-{number}", "U+0009 at character 3", "EB\t");
    row("{number}-abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnop",
        "makes numbers of more than 64 bytes");
    row("{series}-{number}", "makes numbers of more than 64 bytes",
        "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnop");
}

void TestNumberPattern::checks()
{
    QFETCH(const std::string, pattern);
    QFETCH(const std::string, series);
    QFETCH(const std::string, detail);
    const auto checked = checkNumberPattern(pattern, series);
    QVERIFY2(checked.has_value() == detail.empty(), checked ? "passed" : checked.error().detail.c_str());
    if (checked)
        return;
    QCOMPARE(checked.error().subject, std::string("pattern"));
    QVERIFY2(checked.error().detail.starts_with(detail), checked.error().detail.c_str());
}

void TestNumberPattern::whatPassesNeverRepeats_data()
{
    QTest::addColumn<std::string>("pattern");
    for (const char* pattern : {"{number}", "{series}{number}", "{year}{number:3}", "{number:3}{year}",
                                "{number:2}{month}{year}", "{year}-{number}"})
        QTest::newRow(pattern) << std::string(pattern);
}

void TestNumberPattern::whatPassesNeverRepeats()
{
    QFETCH(const std::string, pattern);
    QVERIFY(checkNumberPattern(pattern, "EB"));
    std::set<std::string> seen;
    constexpr int most = 12'500;
    for (int number = 1; number <= most; ++number) {
        const LocalDate day = LocalDate::parse("2009-12-01").value().plusDays(number * 3);
        seen.insert(formatNumber(pattern, "EB", day, number));
    }
    QCOMPARE(seen.size(), std::size_t{most});
}

void TestNumberPattern::fills_data()
{
    QTest::addColumn<std::string>("pattern");
    QTest::addColumn<std::string>("number");
    const auto row = [](const char* pattern, const char* number) {
        QTest::newRow(pattern) << std::string(pattern) << std::string(number);
    };
    row("{series}-{year}-{number:6}", "EB-2023-000017");
    row("{year}{month}/{number}", "202309/17");
    row("{number:1}", "17");
    row("{number:18}", "000000000000000017");
    row("n\xC2\xB0 {number}", "n\xC2\xB0 17");
}

void TestNumberPattern::fills()
{
    QFETCH(const std::string, pattern);
    QFETCH(const std::string, number);
    QCOMPARE(formatNumber(pattern, "EB", LocalDate::parse("2023-09-30").value(), 17), number);
}

QTEST_APPLESS_MAIN(TestNumberPattern)
#include "tst_number_pattern.moc"
