// Numbers as tables spell them: exact whatever their spelling, and what could be meant in two ways is refused
// by name.
#include "shared/usage_client/csv_number.h"

#include <QTest>

using namespace billing;
using namespace billing::client;

class TestCsvNumber : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void reads_data();
    void reads();
    void refuses_data();
    void refuses();
};

void TestCsvNumber::reads_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("comma");
    QTest::addColumn<QByteArray>("value");
    const auto reads = [](const char* text, const char* value, bool comma = false) {
        QTest::addRow("%s%s", text, comma ? " (comma)" : "")
            << QByteArray(text) << comma << QByteArray(value);
    };
    reads("0", "0");
    reads("-0.0", "0");
    reads("007", "7");
    reads("1.0", "1");
    reads("+3", "3");
    reads(".5", "0.5");
    reads("5.", "5");
    reads(" \t12 ", "12");
    reads("-1.5", "-1.5");
    reads("1.5e3", "1500");
    reads("1E-3", "0.001");
    reads("1e+2", "100");
    reads("0.1e1", "1");
    reads("1e-12", "0.000000000001");
    reads("123e-2", "1.23");
    reads("0e999999999999999999999", "0");
    reads("999999999999999999.999999999999", "999999999999999999.999999999999");
    reads("0000000000000000000000001", "1");
    reads("1.50000000000000000000000000", "1.5");
    reads("1e17", "100000000000000000");
    reads("0.000000000000000001e18", "1");
    // 0.1 + 0.2 in binary is another number.
    reads("0.3", "0.3");
    reads("1,5", "1.5", true);
    reads(",5", "0.5", true);
    reads("1,5e2", "150", true);
    reads("15", "15", true);
}

void TestCsvNumber::reads()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, comma);
    const auto value = parseCsvNumber(text.toStdString(), comma ? DecimalMark::Comma : DecimalMark::Point);
    QVERIFY(value.has_value());
    QTEST(QByteArray::fromStdString(value->toText()), "value");
}

void TestCsvNumber::refuses_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("comma");
    QTest::addColumn<QByteArray>("why");
    const auto refuses = [](const char* text, const char* why, bool comma = false) {
        QTest::addRow("%s%s", text, comma ? " (comma)" : "") << QByteArray(text) << comma << QByteArray(why);
    };
    for (const char* text :
         {"",      " ",   "-",   "+",   ".",    "-.",           "e3",          "1e",       "1e+",
          "1.2.3", "--1", "+-1", "1-",  "one",  "NaN",          "inf",         "Infinity", "0x1F",
          "1f",    "5%",  "$5",  "1/2", "null", "\xEF\xBC\x91", "\xE2\x88\x92"})
        refuses(text, "expected a number");
    for (const char* text : {"1 000",
                             "1\xC2\xA0"
                             "000",
                             "1\xE2\x80\xAF"
                             "000",
                             "1'000", "1_000"})
        refuses(text, "thousands");
    refuses("1,000", "--decimal-comma");
    refuses("1,5", "--decimal-comma");
    refuses("1,234.5", "--decimal-comma");
    refuses("1.5", "a point in a number", true);
    refuses("1.234,5", "a point in a number", true);
    refuses("1000000000000000000", "18 digits before");
    refuses("1e18", "18 digits before");
    refuses("1e999999999999999999999", "18 digits before");
    refuses("0.0000000000001", "12 digits behind");
    refuses("1e-13", "12 digits behind");
    refuses("1e-999999999999999999999", "12 digits behind");
}

void TestCsvNumber::refuses()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, comma);
    QFETCH(QByteArray, why);
    const auto value = parseCsvNumber(text.toStdString(), comma ? DecimalMark::Comma : DecimalMark::Point);
    QVERIFY(!value);
    QCOMPARE(int(value.error().code), int(ErrorCode::InvalidDecimal));
    QVERIFY2(value.error().detail.find(why.toStdString()) != std::string::npos, value.error().detail.c_str());
}

QTEST_APPLESS_MAIN(TestCsvNumber)
#include "tst_csv_number.moc"
