// Amounts and unit prices in the customers' locales: decimals by the currency, separators and placement by
// the locale, a symbol only where it means one currency. "_" stands for a no-break space and "~" for a narrow
// one.

// Tests: money.cpp
#include "shared/format/money.h"

#include <QTest>

using namespace billing;

class TestMoneyText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void money_data();
    void money();
    void styles();
    void noDigitIsLost();
    void unitPrice_data();
    void unitPrice();
};

namespace {

QString visible(QString text)
{
    return text.replace(QChar(0xA0), QLatin1Char('_')).replace(QChar(0x202F), QLatin1Char('~'));
}

void row(const char* locale, const char* currency, qint64 minor, const char* expected)
{
    QTest::addRow("%s %s %lld", locale, currency, minor)
        << locale << currency << minor << QString::fromUtf8(expected);
}

} // namespace

void TestMoneyText::money_data()
{
    QTest::addColumn<QString>("locale");
    QTest::addColumn<QString>("currency");
    QTest::addColumn<qint64>("minor");
    QTest::addColumn<QString>("expected");

    row("en-US", "USD", 123450, "$1,234.50");
    row("en-US", "USD", -123450, "-$1,234.50");
    row("en-US", "USD", 0, "$0.00");
    row("en-US", "USD", 5, "$0.05");
    row("en-US", "EUR", 123450, "€1,234.50");
    row("en-US", "JPY", 1234, "¥1,234");
    row("en-US", "BHD", 1234500, "BHD_1,234.500");
    row("en-US", "BHD", -1, "-BHD_0.001");
    row("en-US", "MXN", 123450, "MXN_1,234.50");
    row("en-US", "CAD", 123450, "CAD_1,234.50");
    row("en-US", "CLF", 12345678, "CLF_1,234.5678");
    row("en-US", "CHF", 123450, "CHF_1,234.50");
    row("en-GB", "GBP", 123450, "£1,234.50");
    row("en-GB", "USD", 123450, "$1,234.50");
    row("en-CA", "CAD", 123450, "$1,234.50");
    row("en-CA", "USD", 123450, "USD_1,234.50");
    row("de-DE", "EUR", 123450, "1.234,50_€");
    row("de-DE", "EUR", -123450, "-1.234,50_€");
    row("de-DE", "USD", 123450, "1.234,50_$");
    row("de-DE", "JPY", 1234567, "1.234.567_¥");
    row("de-DE", "HUF", 123450, "1.234,50_HUF");
    row("es-MX", "MXN", 123450, "$1,234.50");
    row("es-MX", "USD", 123450, "USD_1,234.50");
    row("fr-FR", "EUR", 123456789, "1~234~567,89_€");
    row("ja-JP", "JPY", 1234567, "¥1,234,567");
    row("en-IN", "INR", 123456789, "₹12,34,567.89");
    row("ar-BH", "BHD", 1500, "1.500");
    row("xx-nonsense", "USD", 123450, "$1,234.50");
    row("", "USD", 100, "$1.00");
}

void TestMoneyText::money()
{
    QFETCH(QString, locale);
    QFETCH(QString, currency);
    QFETCH(qint64, minor);
    QFETCH(QString, expected);
    const Money money = Money::fromMinor(minor, *Currency::parse(currency.toStdString()));
    const QString text = visible(format::formatMoney(money, format::documentLocale(locale.toStdString())));
    if (locale == QLatin1String("ar-BH"))
        QVERIFY2(text.contains(QLatin1String("BHD")), qPrintable(text)); // digits are that locale's own
    else
        QCOMPARE(text, expected);
}

void TestMoneyText::styles()
{
    const Money money = Money::fromMinor(123450, *Currency::parse("EUR"));
    using format::CurrencyStyle;
    const auto text = [&](const std::string& locale, CurrencyStyle style) {
        return visible(format::formatMoney(money, format::documentLocale(locale), style));
    };
    QCOMPARE(text("en-US", CurrencyStyle::Code), QStringLiteral("EUR_1,234.50"));
    QCOMPARE(text("de-DE", CurrencyStyle::Code), QStringLiteral("1.234,50_EUR"));
    QCOMPARE(text("de-DE", CurrencyStyle::Bare), QStringLiteral("1.234,50"));
}

void TestMoneyText::noDigitIsLost()
{
    const QLocale locale = format::documentLocale("en-US");
    const Money most = Money::fromMinor(std::numeric_limits<std::int64_t>::max(), *Currency::parse("USD"));
    QCOMPARE(format::formatMoney(most, locale), QStringLiteral("$92,233,720,368,547,758.07"));
    const Money yen = Money::fromMinor(std::numeric_limits<std::int64_t>::max(), *Currency::parse("JPY"));
    QCOMPARE(format::formatMoney(yen, locale), QStringLiteral("¥9,223,372,036,854,775,807"));
}

void TestMoneyText::unitPrice_data()
{
    QTest::addColumn<QString>("locale");
    QTest::addColumn<QString>("currency");
    QTest::addColumn<QString>("price");
    QTest::addColumn<QString>("expected");

    const auto priceRow = [](const char* locale, const char* currency, const char* price,
                             const char* expected) {
        QTest::addRow("%s %s %s", locale, currency, price)
            << locale << currency << price << QString::fromUtf8(expected);
    };
    priceRow("en-US", "USD", "0.03", "$0.03");
    priceRow("en-US", "USD", "2.5", "$2.50");
    priceRow("en-US", "USD", "199", "$199.00");
    priceRow("en-US", "USD", "0.000000000123", "$0.000000000123");
    priceRow("de-DE", "EUR", "0.0005", "0,0005_€");
    priceRow("ja-JP", "JPY", "3.75", "¥3.75");
    priceRow("ja-JP", "JPY", "29000", "¥29,000");
    priceRow("en-US", "BHD", "0.1", "BHD_0.100");
    priceRow("en-US", "HUF", "1.5", "HUF_1.50");
}

void TestMoneyText::unitPrice()
{
    QFETCH(QString, locale);
    QFETCH(QString, currency);
    QFETCH(QString, price);
    QFETCH(QString, expected);
    const QString text = format::formatUnitPrice(*Decimal::parse(price.toStdString()),
                                                 *Currency::parse(currency.toStdString()),
                                                 format::documentLocale(locale.toStdString()));
    QCOMPARE(visible(text), expected);
}

QTEST_APPLESS_MAIN(TestMoneyText)
#include "tst_money_text.moc"
