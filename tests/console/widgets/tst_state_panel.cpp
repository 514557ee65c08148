// What stands where content is not: each kind of state with and without its optional parts, as a table; words
// of others as text. Tests: state_panel.cpp notice_bar.cpp file_field.cpp
#include "console/widgets/file_field.h"
#include "console/widgets/house_style.h"
#include "console/widgets/notice_bar.h"
#include "console/widgets/state_panel.h"

#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

using namespace billing::console;

Q_DECLARE_METATYPE(billing::console::PanelKind)
Q_DECLARE_METATYPE(billing::console::NoticeKind)

class TestStatePanel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { dress(Appearance::Light); }
    void showsEachState_data();
    void showsEachState();
    void loadingShowsNothingAtFirst();
    void noticesTell_data();
    void noticesTell();
    void fileFieldsTrim();
};

void TestStatePanel::showsEachState_data()
{
    QTest::addColumn<PanelKind>("kind");
    QTest::addColumn<QString>("headline");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("action");
    QTest::addColumn<bool>("wordsSeen");
    const QString none;
    QTest::newRow("empty") << PanelKind::Empty << QStringLiteral("No invoices yet") << none << none << true;
    QTest::newRow("empty, filtered") << PanelKind::Empty << QStringLiteral("Nothing found") << none
                                     << QStringLiteral("&Clear") << true;
    QTest::newRow("loading") << PanelKind::Loading << QStringLiteral("Loading") << none << none << false;
    QTest::newRow("failed") << PanelKind::Failed << QStringLiteral("Refused")
                            << QStringLiteral("storage_busy") << QStringLiteral("&Try again") << true;
    QTest::newRow("offline") << PanelKind::Offline << QStringLiteral("Out of reach")
                             << QStringLiteral("offline: refused") << QStringLiteral("&Try again") << true;
    QTest::newRow("hostile") << PanelKind::Failed << QStringLiteral("<img src=x onerror=1>")
                             << QStringLiteral("<b>") << none << true;
}

void TestStatePanel::showsEachState()
{
    QFETCH(PanelKind, kind);
    QFETCH(QString, headline);
    QFETCH(QString, code);
    QFETCH(QString, action);
    QFETCH(bool, wordsSeen);
    StatePanel panel;
    panel.resize(600, 400);
    panel.setText({kind, headline, QStringLiteral("Advice."), code, action});
    panel.show();
    QVERIFY(QTest::qWaitForWindowExposed(&panel));
    QCOMPARE(panel.accessibleName(), headline);
    QStringList seen;
    for (const WrappedLabel* label : panel.findChildren<WrappedLabel*>())
        if (label->isVisible() && !label->text().isEmpty()) {
            seen << label->text();
            QVERIFY(label->height() >= label->heightForWidth(label->width())); // not cut
        }
    QCOMPARE(seen.contains(headline), wordsSeen);
    QCOMPARE(seen.contains(code), wordsSeen && !code.isEmpty());
    auto* button = panel.findChild<QPushButton*>();
    QCOMPARE(button->isVisible(), wordsSeen && !action.isEmpty());
    QSignalSpy pressed(&panel, &StatePanel::actionTriggered);
    button->click();
    QCOMPARE(pressed.size(), 1);
}

void TestStatePanel::loadingShowsNothingAtFirst()
{
    Skeleton skeleton;
    skeleton.resize(400, 200);
    skeleton.show();
    const auto isPlain = [&skeleton] {
        const QImage picture = skeleton.grab().toImage();
        for (int y = 0; y < picture.height(); ++y)
            for (int x = 0; x < picture.width(); ++x)
                if (picture.pixelColor(x, y) != colour(Token::Surface, Appearance::Light))
                    return false;
        return true;
    };
    QVERIFY(isPlain());
    QTRY_VERIFY(!isPlain());
}

void TestStatePanel::noticesTell_data()
{
    QTest::addColumn<NoticeKind>("kind");
    QTest::newRow("information") << NoticeKind::Information;
    QTest::newRow("success") << NoticeKind::Success;
    QTest::newRow("warning") << NoticeKind::Warning;
    QTest::newRow("failure") << NoticeKind::Failure;
}

void TestStatePanel::noticesTell()
{
    QFETCH(NoticeKind, kind);
    NoticeBar bar;
    QVERIFY(bar.isHidden());
    bar.tell(kind, QStringLiteral("<b>words</b>"), QStringLiteral("&Try"));
    QVERIFY(!bar.isHidden());
    QCOMPARE(bar.kind(), kind);
    QCOMPARE(bar.text(), QStringLiteral("<b>words</b>"));
    QSignalSpy pressed(&bar, &NoticeBar::actionTriggered);
    bar.findChild<QPushButton*>()->click();
    QCOMPARE(pressed.size(), 1);
    bar.findChild<QToolButton*>()->click();
    QVERIFY(bar.isHidden());
}

void TestStatePanel::fileFieldsTrim()
{
    FileField field(QStringLiteral("Key"), {});
    QSignalSpy edited(&field, &FileField::edited);
    QTest::keyClicks(field.findChild<QLineEdit*>(), QStringLiteral(" /a/b.key "));
    QCOMPARE(field.path(), QStringLiteral("/a/b.key"));
    QVERIFY(!edited.isEmpty());
}

QTEST_MAIN(TestStatePanel)

#include "tst_state_panel.moc"
