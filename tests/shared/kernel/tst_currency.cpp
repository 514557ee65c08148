// Currencies: only ISO 4217 codes in use, with the digits of their minor unit.
#include "shared/kernel/currency.h"

#include "tests/support/printing.h"

#include <QTest>

using namespace billing;

class TestCurrency : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refused_data();
    void refused();
    void digits_data();
    void digits();
    void comparison();
};

void TestCurrency::refused_data()
{
    QTest::addColumn<std::string>("code");
    for (const char* code :
         {"",    "U",   "US",  "USDX", "usd", "Usd", "US ", " US", "U D", "D A",    "SDE",
          "XXX", "XTS", "XAU", "XDR",  "CHE", "USN", "DEM", "HRK", "ZZZ", "US\xc3", "\xc2\xa3"})
        QTest::newRow(code[0] == '\0' ? "empty" : code) << std::string(code);
    QTest::newRow("NUL inside") << std::string("US\0", 3);
    QTest::newRow("NUL behind") << std::string("USD\0", 4);
}

void TestCurrency::refused()
{
    QFETCH(std::string, code);
    const auto currency = Currency::parse(code);
    QVERIFY(!currency);
    QCOMPARE(currency.error().code, ErrorCode::UnknownCurrency);
}

void TestCurrency::digits_data()
{
    QTest::addColumn<int>("digits");
    for (const char* code : {"USD", "EUR", "MXN", "GBP", "CHF", "AED", "ZMW", "XCD", "XCG", "ZWG", "SLE"})
        QTest::newRow(code) << 2;
    for (const char* code : {"JPY", "KRW", "CLP", "ISK", "BIF", "XPF", "UGX", "VND"})
        QTest::newRow(code) << 0;
    for (const char* code : {"KWD", "BHD", "TND", "OMR", "JOD", "IQD", "LYD"})
        QTest::newRow(code) << 3;
    for (const char* code : {"CLF", "UYW"})
        QTest::newRow(code) << 4;
}

void TestCurrency::digits()
{
    QFETCH(int, digits);
    const auto currency = Currency::parse(QTest::currentDataTag());
    QVERIFY(currency);
    QCOMPARE(currency->digits(), digits);
    QCOMPARE(currency->code(), std::string_view(QTest::currentDataTag()));
}

void TestCurrency::comparison()
{
    QVERIFY(Currency::parse("USD").value() == Currency::parse("USD").value());
    QVERIFY(Currency::parse("USD").value() != Currency::parse("EUR").value());
    QVERIFY(Currency::parse("EUR").value() < Currency::parse("USD").value());
}

QTEST_APPLESS_MAIN(TestCurrency)

#include "tst_currency.moc"
