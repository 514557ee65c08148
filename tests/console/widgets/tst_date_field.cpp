// What is taken for a day and what is not, as the reader's language writes it; that a mistake is marked and
// counts as none; that keys and calendar choose.
//
// Tests: date_field.cpp calendar_popup.cpp
#include "console/widgets/calendar_popup.h"
#include "console/widgets/date_field.h"
#include "console/widgets/house_style.h"
#include "shared/format/date.h"

#include <QCalendarWidget>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

using namespace billing;
using namespace billing::console;

class TestDateField : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { dress(Appearance::Light); }
    void init();
    void readsDays_data();
    void readsDays();
    void readsWhatItWrites();
    void aMistakeIsMarkedAndCountsAsNone();
    void whatIsBeingWrittenIsNoMistakeYet();
    void arrowsStepByDays();
    void theCalendarChooses();

private:
    std::string day() const { return m_field->day() ? m_field->day()->toText() : "none"; }

    std::unique_ptr<DateField> m_field;
};

void TestDateField::init()
{
    m_field = std::make_unique<DateField>(QStringLiteral("Issued from"));
    m_field->setLocale(QLocale(QStringLiteral("en-US")));
    m_field->show();
}

void TestDateField::readsDays_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("locale");
    QTest::addColumn<std::string>("day");
    const auto row = [](const char* text, const char* locale, const char* day) {
        QTest::addRow("'%s' in %s", text, locale)
            << QString::fromUtf8(text) << QString::fromLatin1(locale) << std::string(day);
    };
    for (const char* nonsense :
         {"", "x", "2026", "2026-13-01", "2026-02-30", "31.02.2026", "0001-01-01", "1969-12-31",
          "99999-01-01", "2026-10-31T00:00:00", "tomorrow", "-1", "10/31", "2026-10-31x"})
        row(nonsense, "en-US", "none");
    row("2026-10-31", "en-US", "2026-10-31");
    row(" 2026-10-31 ", "de-DE", "2026-10-31");
    row("10/31/2026", "en-US", "2026-10-31");
    row("10/31/26", "en-US", "2026-10-31");
    row("31/10/2026", "en-US", "none"); // there is no 31st month
    row("31/10/2026", "en-GB", "2026-10-31");
    row("Oct 31, 2026", "en-US", "2026-10-31");
    row("oct 31, 2026", "en-US", "2026-10-31");
    row("Oct\u00a031,\u00a02026", "en-US", "2026-10-31");
    row("31 Oct 2026", "en-GB", "2026-10-31");
    row("31.10.2026", "de-DE", "2026-10-31");
    row("31.10.26", "de-DE", "2026-10-31");
    row("31.10.2026", "en-US", "2026-10-31");
    row("29.02.2028", "de-DE", "2028-02-29");
    row("29.02.2027", "de-DE", "none");
}

void TestDateField::readsDays()
{
    QFETCH(QString, text);
    QFETCH(QString, locale);
    QFETCH(std::string, day);
    const auto read = dayFrom(text, QLocale(locale));
    QCOMPARE(read ? read->toText() : "none", day);
}

void TestDateField::readsWhatItWrites()
{
    QStringList lost;
    const QList<QLocale> all =
        QLocale::matchingLocales(QLocale::AnyLanguage, QLocale::AnyScript, QLocale::AnyCountry);
    for (const QLocale& system : all) {
        const QLocale locale =
            format::documentLocale(system.bcp47Name().toStdString()); // as runConsole() does
        if (locale.zeroDigit().size() > 1)
            continue; // Qt reads no figures beyond the first plane
        for (const char* text : {"2026-01-02", "2026-10-31", "1999-12-01"}) {
            const LocalDate day = LocalDate::parse(text).value();
            const QString written = format::formatDate(day, locale);
            if (dayFrom(written, locale) != day)
                lost << locale.name() + QLatin1Char(' ') + written;
        }
    }
    QVERIFY2(lost.isEmpty(), qPrintable(QString::number(lost.size()) + QLatin1Char(' ') +
                                        lost.mid(0, 12).join(QLatin1Char('|'))));
    QVERIFY(all.size() > 200);
}

void TestDateField::aMistakeIsMarkedAndCountsAsNone()
{
    m_field->setDay(LocalDate::parse("2026-10-31").value());
    QCOMPARE(m_field->text(), QStringLiteral("Oct\u00a031,\u00a02026"));
    QSignalSpy changed(m_field.get(), &DateField::dayChanged);
    const QImage plain = m_field->grab().toImage();
    m_field->setText(QStringLiteral("31 Smarch"));
    QTest::keyClick(m_field.get(), Qt::Key_Return);
    QVERIFY(m_field->isMistaken());
    QCOMPARE(day(), std::string("none"));
    QCOMPARE(changed.size(), 1);
    QVERIFY(m_field->toolTip().contains(QStringLiteral("2026-10-31")));
    QCOMPARE(m_field->accessibleDescription(), m_field->toolTip());
    const QImage marked = m_field->grab().toImage();
    m_field->setText(QStringLiteral("31 Smarc"));
    QVERIFY(!m_field->isMistaken()); // somebody is at it
    QVERIFY(m_field->grab().toImage() != marked);
    m_field->clear();
    QTest::keyClick(m_field.get(), Qt::Key_Return);
    QVERIFY(!m_field->isMistaken());
}

void TestDateField::whatIsBeingWrittenIsNoMistakeYet()
{
    m_field->setDay(LocalDate::parse("2026-10-31").value());
    QSignalSpy changed(m_field.get(), &DateField::dayChanged);
    m_field->selectAll();
    QTest::keyClicks(m_field.get(), QStringLiteral("2026-11-0"));
    QVERIFY(!m_field->isMistaken());
    QCOMPARE(day(), std::string("2026-10-31")); // the one before stays meanwhile
    QTest::keyClicks(m_field.get(), QStringLiteral("7"));
    QCOMPARE(day(), std::string("2026-11-07"));
    QTest::keyClick(m_field.get(), Qt::Key_Return);
    QCOMPARE(m_field->text(), QStringLiteral("Nov\u00a07,\u00a02026"));
    QCOMPARE(changed.size(), 1);
}

void TestDateField::arrowsStepByDays()
{
    QTest::keyClick(m_field.get(), Qt::Key_Up);
    QCOMPARE(day(), std::string("none"));
    m_field->setDay(LocalDate::parse("2026-12-31").value());
    QTest::keyClick(m_field.get(), Qt::Key_Up);
    QCOMPARE(day(), std::string("2027-01-01"));
    QTest::keyClick(m_field.get(), Qt::Key_Down);
    QTest::keyClick(m_field.get(), Qt::Key_Down);
    QCOMPARE(day(), std::string("2026-12-30"));
    m_field->setDay(LocalDate::parse("9999-12-31").value());
    QTest::keyClick(m_field.get(), Qt::Key_Up);
    QCOMPARE(day(), std::string("9999-12-31"));
}

void TestDateField::theCalendarChooses()
{
    m_field->setDay(LocalDate::parse("2026-10-31").value());
    QTest::keyClick(m_field.get(), Qt::Key_Down, Qt::AltModifier);
    auto* calendar = m_field->findChild<QCalendarWidget*>();
    QVERIFY(calendar != nullptr && calendar->isVisible());
    QCOMPARE(calendar->selectedDate(), QDate(2026, 10, 31));
    calendar->setSelectedDate(QDate(2026, 10, 1));
    Q_EMIT calendar->activated(QDate(2026, 10, 1));
    QCOMPARE(day(), std::string("2026-10-01"));
    QTRY_VERIFY(m_field->findChild<QCalendarWidget*>() == nullptr);
    m_field->openCalendar();
    auto* popup = m_field->findChild<CalendarPopup*>();
    QCOMPARE(popup->findChild<Label*>()->text(), QStringLiteral("October 2026"));
    for (QToolButton* button : popup->findChildren<QToolButton*>())
        if (button->accessibleName() == QLatin1String("A month later") ||
            button->accessibleName() == QLatin1String("A year earlier"))
            button->click();
    QCOMPARE(popup->findChild<Label*>()->text(), QStringLiteral("November 2025"));
    QTest::keyClick(popup, Qt::Key_Escape);
    QCOMPARE(day(), std::string("2026-10-01"));
}

QTEST_MAIN(TestDateField)

#include "tst_date_field.moc"
