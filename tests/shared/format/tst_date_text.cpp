// Days and periods in the customers' locales; a period shows its last day, not the day after. "_" stands for
// a no-break space.

// Tests: date.cpp
#include "shared/format/date.h"

#include <QTest>

using namespace billing;

namespace {

QString visible(QString text)
{
    return text.replace(QChar(0xA0), QLatin1Char('_'));
}

} // namespace

class TestDateText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void date_data();
    void date();
    void period_data();
    void period();
};

void TestDateText::date_data()
{
    QTest::addColumn<QString>("locale");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* locale, const char* expected) {
        QTest::addRow("%s", locale) << locale << QString::fromUtf8(expected);
    };
    row("en-US", "Nov_1,_2023");
    row("en-GB", "1_Nov_2023");
    row("de-DE", "01.11.2023");
    row("es-MX", "01/11/2023");
    row("fr-FR", "01/11/2023");
    row("ja-JP", "2023/11/01");
    row("sv-SE", "2023-11-01");
}

void TestDateText::date()
{
    QFETCH(QString, locale);
    QFETCH(QString, expected);
    QCOMPARE(visible(format::formatDate(*LocalDate::parse("2023-11-01"),
                                        format::documentLocale(locale.toStdString()))),
             expected);
}

void TestDateText::period_data()
{
    QTest::addColumn<QString>("locale");
    QTest::addColumn<QString>("first");
    QTest::addColumn<QString>("end");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* locale, const char* first, const char* end, const char* expected) {
        QTest::addRow("%s %s %s", locale, first, end)
            << locale << first << end << QString::fromUtf8(expected);
    };
    row("en-US", "2023-11-01", "2023-12-01", "Nov_1_– Nov_30,_2023");
    row("en-GB", "2023-11-01", "2023-12-01", "1_Nov_– 30_Nov_2023");
    row("en-US", "2023-12-15", "2024-01-15", "Dec_15,_2023_– Jan_14,_2024");
    row("en-US", "2024-02-01", "2024-03-01", "Feb_1_– Feb_29,_2024");
    row("en-US", "2023-11-01", "2023-11-02", "Nov_1,_2023");
    row("de-DE", "2023-11-01", "2023-12-01", "01.11.2023_– 30.11.2023");
    row("ja-JP", "2023-11-01", "2023-12-01", "2023/11/01_– 2023/11/30");
}

void TestDateText::period()
{
    QFETCH(QString, locale);
    QFETCH(QString, first);
    QFETCH(QString, end);
    QFETCH(QString, expected);
    const QString text =
        format::formatPeriod(*LocalDate::parse(first.toStdString()), *LocalDate::parse(end.toStdString()),
                             format::documentLocale(locale.toStdString()));
    QCOMPARE(visible(text), expected);
}

QTEST_APPLESS_MAIN(TestDateText)
#include "tst_date_text.moc"
