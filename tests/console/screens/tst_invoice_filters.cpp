// What the list is asked for, in fields and in words; that everything is cleared at once; that whoever signs
// in again finds the filters as they were, and somebody else does not. Tests: invoices/invoice_filters.cpp
#include "console/app/scene.h"
#include "console/app/worker_executor.h"
#include "console/widgets/house_style.h"

#include <QAction>
#include <QComboBox>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

using namespace billing;
using namespace billing::console;

using Mood = SampleApi::Mood;

namespace {

LocalDate day(const char* text)
{
    return LocalDate::parse(text).value();
}

void choose(QComboBox& box, const QString& text)
{
    box.setCurrentText(text);
    Q_EMIT box.activated(box.currentIndex());
}

} // namespace

class TestInvoiceFilters : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { dress(Appearance::Light); }
    void init();
    void cleanup() { m_scene.reset(); }
    void narrowsToTheDaysOfIssue();
    void daysThatAreNoneNarrowNothing();
    void nothingFoundSaysWhatIsSet();
    void isClearedAtOnce();
    void everyFieldIsReachedByTheKeyboard();
    void staysForWhoeverSignsInAgain();
    void fitsTheSmallestWindow();

private:
    InvoicesPlace& place() { return m_scene->window().invoices(); }
    InvoiceFilters& filters() { return place().filters(); }
    QComboBox& status() { return *filters().findChild<QComboBox*>(); }
    QString advice() { return place().list().panel().text().advice; }

    WorkerExecutor m_network{"test-network"};
    WorkerExecutor m_painter{"test-painter"};
    WorkerExecutor m_disk{"test-disk"};
    std::unique_ptr<Scene> m_scene;
};

void TestInvoiceFilters::init()
{
    QLocale::setDefault(QLocale(QStringLiteral("en-US")));
    m_scene =
        std::make_unique<Scene>(Workers{m_network, m_painter, m_disk}, SampleSize::Usual, Mood::Answers);
    m_scene->window().show();
    m_scene->signInToSample();
    QTRY_VERIFY(place().model().rowCount() > 0);
}

void TestInvoiceFilters::narrowsToTheDaysOfIssue()
{
    const int all = place().model().rowCount();
    filters().from().setDay(day("2026-09-01"));
    QTRY_COMPARE(place().model().filter().issuedFrom, day("2026-09-01"));
    QTRY_VERIFY(place().model().rowCount() > 0 && place().model().rowCount() < all);
    filters().to().setText(QStringLiteral("9/30/2026"));
    QTRY_COMPARE(place().model().filter().issuedTo, day("2026-09-30"));
    QTRY_VERIFY(place().model().rowCount() > 0);
    for (int row = 0; row < place().model().rowCount(); ++row) {
        const wire::InvoiceSummary& listed = *place().model().at(row);
        QVERIFY(listed.issueDate && day("2026-09-01") <= *listed.issueDate &&
                *listed.issueDate <= day("2026-09-30"));
    }
    place().refresh();
    m_scene->window().go(0);
    m_scene->window().go(1);
    QCOMPARE(filters().to().day(), day("2026-09-30"));
    QCOMPARE(place().model().filter().issuedTo, day("2026-09-30"));
}

void TestInvoiceFilters::daysThatAreNoneNarrowNothing()
{
    QSignalSpy changed(&filters(), &InvoiceFilters::changed);
    filters().from().setText(QStringLiteral("last summer"));
    QTest::keyClick(&filters().from(), Qt::Key_Return);
    QVERIFY(filters().from().isMistaken());
    QVERIFY(!filters().isSet());
    QCOMPARE(place().model().filter(), InvoiceListModel::Filter());
}

void TestInvoiceFilters::nothingFoundSaysWhatIsSet()
{
    QVERIFY(filters().words().isEmpty());
    m_scene->setMood(Mood::Empty);
    place().refresh(); // a list that became empty without filters
    place().findChild<QLineEdit*>()->setText(QStringLiteral("Nova <b>"));
    choose(status(), QStringLiteral("Void"));
    filters().from().setDay(day("2026-09-01"));
    filters().to().setDay(day("2026-09-30"));
    place().showTenant(QStringLiteral("harbor"), QString(300, QLatin1Char('H')));
    QTRY_COMPARE(place().model().state(), ListState::Empty);
    QTRY_VERIFY(advice().contains(QStringLiteral("Status: Void")));
    QVERIFY(advice().contains(QStringLiteral("Search: Nova <b>")));
    QVERIFY(advice().contains(QStringLiteral("Issued: Sep\u00a01,\u00a02026 to Sep\u00a030,\u00a02026")));
    QVERIFY(advice().contains(QStringLiteral("Customer: ") + QString(80, QLatin1Char('H')) +
                              QStringLiteral("…")));
    QVERIFY(!advice().contains(QStringLiteral("after the last")));

    filters().to().setDay(day("2026-08-01"));
    QTRY_VERIFY(advice().contains(QStringLiteral("The first of these days is after the last.")));
    filters().to().setDay({});
    QTRY_VERIFY(advice().contains(QStringLiteral("Issued: from Sep\u00a01,\u00a02026")));
    choose(status(), QStringLiteral("Draft"));
    QTRY_VERIFY(advice().contains(QStringLiteral("Drafts have not been issued yet.")));
    m_scene->setMood(Mood::Answers);
    place().list().panel().findChild<QPushButton*>()->click(); // clears
    QTRY_VERIFY(place().list().table().isVisible());
    QVERIFY(!filters().isSet());
}

void TestInvoiceFilters::isClearedAtOnce()
{
    const int all = place().model().rowCount();
    auto* clear = filters().findChild<QToolButton*>(QStringLiteral("clearFilters"));
    auto* action = place().findChild<QAction*>(QStringLiteral("clearAllFilters"));
    QVERIFY(!clear->isVisible());
    QVERIFY(!action->isEnabled());
    for (const bool byButton : {true, false}) {
        choose(status(), QStringLiteral("Void"));
        filters().from().setDay(day("2026-01-01"));
        QTRY_VERIFY(place().model().filter().issuedFrom.has_value());
        QTRY_COMPARE(place().model().rowCount(), 1);
        QVERIFY(clear->isVisible());
        if (byButton)
            clear->click();
        else
            action->trigger();
        QCOMPARE(place().model().filter(), InvoiceListModel::Filter());
        QTRY_COMPARE(place().model().rowCount(), all);
        QVERIFY(!clear->isVisible());
        QVERIFY(filters().from().text().isEmpty());
    }
    filters().to().setText(QStringLiteral("nonsense")); // is cleared too, though it narrows nothing
    choose(status(), QStringLiteral("All statuses"));
    QVERIFY(clear->isVisible());
    clear->click();
    QVERIFY(filters().to().text().isEmpty());
}

void TestInvoiceFilters::everyFieldIsReachedByTheKeyboard()
{
    choose(status(), QStringLiteral("Void"));
    QTRY_COMPARE(place().model().rowCount(), 1);
    place().find();
    QStringList passed;
    const QStringList wanted{QStringLiteral("Status"), QStringLiteral("Issued from"),
                             QStringLiteral("Issued to"), QStringLiteral("Clear search and filters")};
    m_scene->window().activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&m_scene->window()));
    for (int step = 0; step < 8; ++step) {
        QTest::keyClick(&m_scene->window(), Qt::Key_Tab);
        if (const QWidget* focus = m_scene->window().focusWidget(); wanted.contains(focus->accessibleName()))
            passed << focus->accessibleName();
    }
    QCOMPARE(passed, wanted);
}

void TestInvoiceFilters::staysForWhoeverSignsInAgain()
{
    filters().from().setDay(day("2026-09-01"));
    QTRY_VERIFY(place().model().filter().issuedFrom.has_value());
    m_scene->session().signOut();
    QTRY_COMPARE(m_scene->session().state(), Session::State::SignedOut);
    m_scene->signInToSample();
    QTRY_VERIFY(place().model().rowCount() > 0);
    QCOMPARE(place().model().filter().issuedFrom, day("2026-09-01"));
    m_scene->session().signOut();
    m_scene->signInToSample(QStringLiteral("somebody.else"));
    QTRY_VERIFY(place().model().rowCount() > 0);
    QCOMPARE(place().model().filter(), InvoiceListModel::Filter());
    QVERIFY(filters().from().text().isEmpty());
}

void TestInvoiceFilters::fitsTheSmallestWindow()
{
    place().showTenant(QStringLiteral("harbor"), QString(300, QLatin1Char('W')));
    filters().from().setDay(day("2026-09-01"));
    QTRY_VERIFY(place().model().filter().issuedFrom.has_value());
    m_scene->window().resize(m_scene->window().minimumSize());
    QTRY_COMPARE(m_scene->window().size(), QSize(960, 600));
    auto* clear = filters().findChild<QToolButton*>(QStringLiteral("clearFilters"));
    for (const QWidget* field :
         {static_cast<QWidget*>(clear), static_cast<QWidget*>(&filters().tenantChip())}) {
        const QRect where(field->mapTo(&m_scene->window(), QPoint()), field->size());
        QVERIFY(m_scene->window().rect().contains(where));
    }
}

QTEST_MAIN(TestInvoiceFilters)

#include "tst_invoice_filters.moc"
