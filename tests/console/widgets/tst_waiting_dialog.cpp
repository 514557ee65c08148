// Short work shows nothing; longer work shows how far it is and can be given up, by button and by Escape.
#include "console/widgets/house_style.h"
#include "console/widgets/waiting_dialog.h"

#include <QElapsedTimer>
#include <QProgressBar>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace billing::console;

class TestWaitingDialog : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { dress(Appearance::Light); }
    void shortWorkShowsNothing();
    void tellsHowFarItIs();
    void canBeGivenUp();
};

void TestWaitingDialog::shortWorkShowsNothing()
{
    QWidget window;
    window.show();
    QElapsedTimer since;
    since.start();
    WaitingDialog dialog(QStringLiteral("Reading"), &window);
    QVERIFY(!dialog.isVisible());
    QTRY_VERIFY(dialog.isVisible());
    QVERIFY(since.elapsed() >= WaitingDialog::unseenMs - 1);
}

void TestWaitingDialog::tellsHowFarItIs()
{
    QWidget window;
    WaitingDialog dialog(QStringLiteral("Printing"), &window);
    const auto* bar = dialog.findChild<QProgressBar*>();
    QCOMPARE(bar->maximum(), 0); // nobody knows yet
    dialog.advance(3, 40);
    QCOMPARE(bar->maximum(), 40);
    QCOMPARE(bar->value(), 3);
    QStringList said;
    for (const Label* label : dialog.findChildren<Label*>())
        said << label->text();
    QVERIFY(said.contains(QStringLiteral("Printing")));
    QVERIFY(said.contains(QStringLiteral("3 of 40")));
}

void TestWaitingDialog::canBeGivenUp()
{
    QWidget window;
    window.show();
    WaitingDialog dialog(QStringLiteral("Printing"), &window);
    QSignalSpy cancelled(&dialog, &WaitingDialog::cancelled);
    QTRY_VERIFY(dialog.isVisible());
    QTest::keyClick(&dialog, Qt::Key_Return);
    QCOMPARE(cancelled.size(), 0);
    dialog.findChild<QPushButton*>(QStringLiteral("cancel"))->click();
    QCOMPARE(cancelled.size(), 1);
    QTest::keyClick(&dialog, Qt::Key_Escape);
    QCOMPARE(cancelled.size(), 2);
    QVERIFY(dialog.isVisible()); // whoever opened it ends it
}

QTEST_MAIN(TestWaitingDialog)

#include "tst_waiting_dialog.moc"
