// Quantities and percentages: every digit, grouped as the locale does. "_" stands for a no-break space, "~"
// for a narrow one.

// Tests: number.cpp document_locale.cpp
#include "shared/format/number.h"

#include <QTest>

using namespace billing;

namespace {

QString visible(QString text)
{
    return text.replace(QChar(0xA0), QLatin1Char('_')).replace(QChar(0x202F), QLatin1Char('~'));
}

void row(const char* locale, const char* number, const char* expected)
{
    QTest::addRow("%s %s", locale, number) << locale << number << QString::fromUtf8(expected);
}

void columns()
{
    QTest::addColumn<QString>("locale");
    QTest::addColumn<QString>("number");
    QTest::addColumn<QString>("expected");
}

} // namespace

class TestNumberText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void quantity_data();
    void quantity();
    void percent_data();
    void percent();
    void unknownLocaleIsAmericanEnglish();
};

void TestNumberText::quantity_data()
{
    columns();
    row("en-US", "0", "0");
    row("en-US", "22361870", "22,361,870");
    row("en-US", "-1500.5", "-1,500.5");
    row("en-US", "118.402739726027", "118.402739726027");
    row("en-US", "0.000000000001", "0.000000000001");
    row("en-US", "999999999999999999.999999999999", "999,999,999,999,999,999.999999999999");
    row("en-US", "12345678901234567890123.5", "12,345,678,901,234,567,890,123.5");
    row("en-GB", "1234567.8", "1,234,567.8");
    row("de-DE", "1234567.8", "1.234.567,8");
    row("es-MX", "1234567.8", "1,234,567.8");
    row("fr-FR", "1234567.8", "1~234~567,8");
    row("ja-JP", "1234567.8", "1,234,567.8");
    row("sv-SE", "1234567.8", "1_234_567,8");
    row("es-ES", "1234.5", "1234,5"); // four digits stand together there
    row("es-ES", "12345", "12.345");
    row("es-ES", "1234567.8", "1.234.567,8");
    row("en-IN", "12345678901234567890", "1,23,45,67,89,01,23,45,67,890");
}

void TestNumberText::quantity()
{
    QFETCH(QString, locale);
    QFETCH(QString, number);
    QFETCH(QString, expected);
    const Decimal quantity = *Decimal::parseTotal(number.toStdString());
    QCOMPARE(visible(format::formatQuantity(quantity, format::documentLocale(locale.toStdString()))),
             expected);
}

void TestNumberText::percent_data()
{
    columns();
    row("en-US", "0.19", "19%");
    row("en-US", "0.08625", "8.625%");
    row("en-US", "0", "0%");
    row("en-US", "1", "100%");
    row("en-US", "-0.05", "-5%");
    row("de-DE", "0.19", "19_%");
    row("fr-FR", "0.055", "5,5_%");
    row("es-ES", "0.21", "21_%");
    row("es-MX", "0.16", "16%");
    row("ja-JP", "0.1", "10%");
}

void TestNumberText::percent()
{
    QFETCH(QString, locale);
    QFETCH(QString, number);
    QFETCH(QString, expected);
    QCOMPARE(visible(format::formatPercent(*Decimal::parse(number.toStdString()),
                                           format::documentLocale(locale.toStdString()))),
             expected);
}

void TestNumberText::unknownLocaleIsAmericanEnglish()
{
    QCOMPARE(format::documentLocale("xx-nonsense"), QLocale(QLocale::English, QLocale::UnitedStates));
    QCOMPARE(format::documentLocale("de-DE"), QLocale(QLocale::German, QLocale::Germany));
}

QTEST_APPLESS_MAIN(TestNumberText)
#include "tst_number_text.moc"
