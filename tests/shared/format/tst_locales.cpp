// Every locale that Qt knows: a date has its day, month and year in one order without invisible marks, a
// number its digits and nothing of another kind, and the printer's own face has all of their characters.

// Tests: date.cpp number.cpp money.cpp document_locale.cpp
#include "shared/format/date.h"
#include "shared/format/money.h"
#include "shared/format/number.h"

#include <QRegularExpression>
#include <QTest>

using namespace billing;

namespace {

QList<QLocale> everyLocale()
{
    return QLocale::matchingLocales(QLocale::AnyLanguage, QLocale::AnyScript, QLocale::AnyTerritory);
}

QString digitsOf(const QString& text)
{
    static const QRegularExpression others(QStringLiteral("[^0-9]"));
    return QString(text).remove(others);
}

/// Digits of other scripts, and what cannot be seen.
bool hasStrangers(const QString& text)
{
    return std::any_of(text.begin(), text.end(), [](QChar unit) {
        const bool otherDigit = unit.isDigit() && (unit < QLatin1Char('0') || unit > QLatin1Char('9'));
        return otherDigit || unit.category() == QChar::Other_Format ||
               unit.category() == QChar::Other_Control || unit.isSurrogate() ||
               unit.script() == QChar::Script_Arabic;
    });
}

QString visible(QString text)
{
    return text.replace(QChar(0xA0), QLatin1Char('_')).replace(QChar(0x202F), QLatin1Char('~'));
}

} // namespace

class TestLocales : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void dates();
    void numbers();
    void amounts();
    void examples_data();
    void examples();
};

void TestLocales::dates()
{
    const LocalDate day = *LocalDate::parse("2023-11-05");
    for (const QLocale& system : everyLocale()) {
        const QLocale locale = format::documentLocale(system.bcp47Name().toStdString());
        const QString text = format::formatDate(day, locale);
        const std::string name = (system.name() + QLatin1Char(' ') + text).toStdString();
        QVERIFY2(!hasStrangers(text), name.c_str());
        const QString digits = digitsOf(text);
        if (locale.language() == QLocale::English && !digits.startsWith(QLatin1String("2023")))
            QVERIFY2(digits == QLatin1String("52023") && text.contains(QLatin1String("Nov")), name.c_str());
        else
            QVERIFY2((QStringList{QStringLiteral("05112023"), QStringLiteral("11052023"),
                                  QStringLiteral("20231105")}
                          .contains(digits)),
                     name.c_str());
        const QString period = format::formatPeriod(day, day.plusDays(30), locale);
        QVERIFY2(!hasStrangers(period) && period.contains(QChar(u'–')), name.c_str());
    }
}

void TestLocales::numbers()
{
    const Decimal number = *Decimal::parse("-123456789012.000345");
    const Decimal longest = *Decimal::parseTotal("12345678901234567890123.5");
    for (const QLocale& system : everyLocale()) {
        const QLocale locale = format::documentLocale(system.bcp47Name().toStdString());
        const QString text = format::formatQuantity(number, locale);
        const std::string name = (system.name() + QLatin1Char(' ') + text).toStdString();
        QVERIFY2(!hasStrangers(text), name.c_str());
        QCOMPARE(digitsOf(text), QStringLiteral("123456789012000345"));
        QVERIFY2(text.startsWith(QLatin1Char('-')) || text.startsWith(QChar(0x2212)), name.c_str());
        const format::Signs signs = format::signsOf(locale);
        QVERIFY2(text.endsWith(signs.decimalPoint + QStringLiteral("000345")), name.c_str());
        QVERIFY2(signs.decimalPoint != signs.group, name.c_str());
        QCOMPARE(digitsOf(format::formatQuantity(longest, locale)),
                 QStringLiteral("123456789012345678901235"));
        QVERIFY2(!hasStrangers(format::formatPercent(*Decimal::parse("0.19"), locale)), name.c_str());
        QCOMPARE(digitsOf(format::formatPercent(*Decimal::parse("0.19"), locale)), QStringLiteral("19"));
    }
}

void TestLocales::amounts()
{
    for (const char* code : {"USD", "JPY", "BHD", "IRR"}) {
        const Money money = Money::fromMinor(-1234567, *Currency::parse(code));
        for (const QLocale& system : everyLocale()) {
            const QLocale locale = format::documentLocale(system.bcp47Name().toStdString());
            const QString text = format::formatMoney(money, locale);
            const std::string name = (system.name() + QLatin1Char(' ') + text).toStdString();
            QVERIFY2(!hasStrangers(text), name.c_str());
            QCOMPARE(digitsOf(text), QStringLiteral("1234567"));
            QVERIFY2(text.contains(QLatin1Char('-')) || text.contains(QChar(0x2212)), name.c_str());
            QVERIFY2(text.contains(QLatin1String(code)) || text.contains(QLatin1Char('$')) ||
                         text.contains(QChar(u'¥')),
                     name.c_str());
        }
    }
}

void TestLocales::examples_data()
{
    QTest::addColumn<QString>("date");
    QTest::addColumn<QString>("number");
    QTest::addColumn<QString>("money");
    const auto row = [](const char* locale, const char* date, const char* number, const char* money) {
        QTest::newRow(locale) << QString::fromUtf8(date) << QString::fromUtf8(number)
                              << QString::fromUtf8(money);
    };
    row("en_US", "Dec_15,_2023", "-1,234,567.5", "-€12,345.67");
    row("es-419", "15/12/2023", "-1,234,567.5", "-€12,345.67");
    row("ar-AE", "15/12/2023", "-1,234,567.5", "-€12,345.67");
    row("ar-EG", "15/12/2023", "-1,234,567.5", "-12,345.67_€");
    row("ar-MA", "15/12/2023", "-1.234.567,5", "-€12.345,67");
    row("fa-IR", "2023/12/15", "-1,234,567.5", "");
    row("he-IL", "15.12.2023", "-1,234,567.5", "-12,345.67_€");
    row("ur-PK", "15/12/2023", "-1,234,567.5", "");
    row("my-MM", "15-12-2023", "-1,234,567.5", "");
    row("ne-NP", "2023/12/15", "-12,34,567.5", "");
    row("th-TH", "15/12/2023", "-1,234,567.5", "-€12,345.67");
    row("hi-IN", "15/12/2023", "-12,34,567.5", "-€12,345.67");
    row("bn-BD", "15/12/2023", "-12,34,567.5", "");
    row("mr-IN", "15/12/2023", "-12,34,567.5", "");
    row("ja-JP", "2023/12/15", "-1,234,567.5", "-€12,345.67");
    row("zh-Hant-TW", "2023/12/15", "-1,234,567.5", "-€12,345.67");
    row("bg-BG", "15.12.2023", "-1_234_567,5", "-12_345,67_€");
    row("es-ES", "15/12/2023", "-1.234.567,5", "-12.345,67_€");
    row("pl-PL", "15.12.2023", "-1_234_567,5", "-12_345,67_€");
    row("de-CH", "15.12.2023", "-1’234’567.5", "");
    row("xx-nonsense", "Dec_15,_2023", "-1,234,567.5", "-€12,345.67");
}

void TestLocales::examples()
{
    QFETCH(QString, date);
    QFETCH(QString, number);
    QFETCH(QString, money);
    const QLocale locale = format::documentLocale(QTest::currentDataTag());
    QCOMPARE(visible(format::formatDate(*LocalDate::parse("2023-12-15"), locale)), date);
    QCOMPARE(visible(format::formatQuantity(*Decimal::parse("-1234567.5"), locale)), number);
    const QString text =
        visible(format::formatMoney(Money::fromMinor(-1234567, *Currency::parse("EUR")), locale));
    if (!money.isEmpty())
        QCOMPARE(text, money);
}

QTEST_APPLESS_MAIN(TestLocales)
#include "tst_locales.moc"
