// Calendar dates: only existing days of years 1 to 9999, and months that end where they end.
#include "shared/kernel/local_date.h"

#include "tests/support/printing.h"

#include <QTest>

#include <limits>

using namespace billing;

namespace {

LocalDate date(std::string_view text)
{
    return LocalDate::parse(text).value();
}

} // namespace

class TestLocalDate : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refused_data();
    void refused();
    void staysInsideTheCalendar();
    void existing_data();
    void existing();
    void plusDays();
    void plusMonths_data();
    void plusMonths();
    void everyDayOfFourCenturiesComesBack();
    void order();
};

void TestLocalDate::refused_data()
{
    QTest::addColumn<std::string>("text");
    for (const char* text :
         {"",           "2026",        "2026-03",     "2026-3-01",   "2026-03-1",  "26-03-01",
          "2026/03/01", "2026-03-01 ", " 2026-03-01", "2026-03-01T", "20260301",   "2026-00-01",
          "2026-13-01", "2026-03-00",  "2026-03-32",  "2026-02-29",  "2026-02-30", "2100-02-29",
          "1900-02-29", "2026-04-31",  "0000-01-01",  "10000-01-01", "-001-01-01", "+026-01-01",
          "2026-0a-01", "2026-+1-01",  "2026-03- 1"})
        QTest::newRow(text[0] == '\0' ? "empty" : text) << std::string(text);
}

void TestLocalDate::refused()
{
    QFETCH(std::string, text);
    const auto parsed = LocalDate::parse(text);
    QVERIFY(!parsed);
    QCOMPARE(parsed.error().code, ErrorCode::InvalidDate);
}

void TestLocalDate::staysInsideTheCalendar()
{
    const LocalDate first = date("0001-01-01");
    const LocalDate last = date("9999-12-31");
    for (const int days : {1, 24'000'000})
        QVERIFY(LocalDate::fromDaysSinceEpoch(last.daysSinceEpoch() + days) == last);
    QVERIFY(LocalDate::fromDaysSinceEpoch(first.daysSinceEpoch() - 1) == first);
    QVERIFY(LocalDate::fromDaysSinceEpoch(std::numeric_limits<int>::max()) == last);
    QVERIFY(LocalDate::fromDaysSinceEpoch(std::numeric_limits<int>::min()) == first);
    QVERIFY(last.plusDays(1) == last);
    QVERIFY(first.plusDays(-1) == first);
    QVERIFY(date("9999-12-01").plusMonths(1) == last);
    QVERIFY(date("0001-01-31").plusMonths(-1) == first);
    QVERIFY(date("0001-06-15").plusMonths(-1'000) == first);
    QVERIFY(date("2026-06-15").plusMonths(std::numeric_limits<int>::max()) == last);
    QVERIFY(date("2026-06-15").plusMonths(std::numeric_limits<int>::min()) == first);
    QCOMPARE(date("9999-11-30").plusMonths(1).toText(), "9999-12-30"); // the last month is still one
    QCOMPARE(date("0001-02-28").plusMonths(-1).toText(), "0001-01-28");
}

void TestLocalDate::existing_data()
{
    QTest::addColumn<int>("days");
    QTest::addColumn<int>("daysInMonth");
    QTest::newRow("1970-01-01") << 0 << 31;
    QTest::newRow("1969-12-31") << -1 << 31;
    QTest::newRow("2000-02-29") << 11016 << 29;
    QTest::newRow("2023-11-16") << 19677 << 30;
    QTest::newRow("2024-02-29") << 19782 << 29;
    QTest::newRow("2100-02-28") << 47540 << 28;
    QTest::newRow("0001-01-01") << -719162 << 31;
    QTest::newRow("9999-12-31") << 2932896 << 31;
}

void TestLocalDate::existing()
{
    QFETCH(int, days);
    QFETCH(int, daysInMonth);
    const LocalDate parsed = date(QTest::currentDataTag());
    QCOMPARE(parsed.daysSinceEpoch(), days);
    QCOMPARE(parsed.daysInMonth(), daysInMonth);
    QCOMPARE(parsed.toText(), std::string(QTest::currentDataTag()));
    QVERIFY(LocalDate::fromDaysSinceEpoch(days) == parsed);
    QVERIFY(LocalDate::create(parsed.year(), parsed.month(), parsed.day()).value() == parsed);
}

void TestLocalDate::plusDays()
{
    QCOMPARE(date("2024-02-28").plusDays(1).toText(), "2024-02-29");
    QCOMPARE(date("2023-02-28").plusDays(1).toText(), "2023-03-01");
    QCOMPARE(date("2024-01-01").plusDays(-1).toText(), "2023-12-31");
    QCOMPARE(date("2024-01-01").plusDays(366).toText(), "2025-01-01");
}

void TestLocalDate::plusMonths_data()
{
    QTest::addColumn<std::string>("from");
    QTest::addColumn<int>("months");
    QTest::addColumn<int>("anchor");
    QTest::addColumn<std::string>("expected");
    const auto row = [](const char* from, int months, int anchor, const char* expected) {
        QTest::addRow("%s %+d anchor %d", from, months, anchor)
            << std::string(from) << months << anchor << std::string(expected);
    };
    row("2023-01-15", 1, 0, "2023-02-15");
    row("2023-01-31", 1, 0, "2023-02-28");
    row("2024-01-31", 1, 0, "2024-02-29");
    row("2023-03-31", 1, 0, "2023-04-30");
    row("2023-02-28", 1, 0, "2023-03-28");
    row("2023-02-28", 1, 31, "2023-03-31"); // the anchor does not creep
    row("2023-02-28", 1, 30, "2023-03-30");
    row("2024-02-29", 12, 0, "2025-02-28");
    row("2025-02-28", 36, 29, "2028-02-29");
    row("2023-12-31", 2, 0, "2024-02-29");
    row("2023-01-31", 0, 0, "2023-01-31");
    row("2024-03-31", -1, 0, "2024-02-29");
    row("2024-01-15", -1, 0, "2023-12-15");
    row("2024-01-15", -13, 0, "2022-12-15");
    row("2024-01-15", 119, 0, "2033-12-15");
}

void TestLocalDate::plusMonths()
{
    QFETCH(std::string, from);
    QFETCH(int, months);
    QFETCH(int, anchor);
    QFETCH(std::string, expected);
    QCOMPARE(date(from).plusMonths(months, anchor).toText(), expected);
}

void TestLocalDate::everyDayOfFourCenturiesComesBack()
{
    LocalDate day = date("1900-01-01");
    const LocalDate end = date("2300-01-01");
    QCOMPARE(end.daysSinceEpoch() - day.daysSinceEpoch(), 146097); // 400 Gregorian years, always
    for (; day < end; day = day.plusDays(1))
        if (LocalDate::parse(day.toText()) != Result<LocalDate>(day))
            QFAIL(day.toText().c_str());
}

void TestLocalDate::order()
{
    QVERIFY(date("2023-12-31") < date("2024-01-01"));
    QVERIFY(date("2024-01-01") == date("2024-01-01"));
}

QTEST_APPLESS_MAIN(TestLocalDate)

#include "tst_local_date.moc"
