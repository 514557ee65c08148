// The screens over a server that answers as it is told: what each state of a list looks like, what a refused
// sign-in says, that hostile names stay text, that the keyboard and a screen reader find everything. Tests:
// list_face.cpp place.cpp frame/main_window.cpp frame/place_bar.cpp invoices/export_dialog.cpp Tests:
// invoices/invoices_place.cpp invoices/preview_pane.cpp invoices/print_preview.cpp invoices/printing.cpp
// invoices/snapshots.cpp Tests: sign_in/sign_in_screen.cpp tenants/tenant_pane.cpp tenants/tenants_place.cpp
#include "console/app/scene.h"
#include "console/app/worker_executor.h"
#include "console/screens/frame/place_bar.h"
#include "console/widgets/house_style.h"
#include "tests/shared/document/sample_invoices.h"

#include <QAbstractButton>
#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QFileInfo>
#include <QLineEdit>
#include <QListWidget>
#include <QMenuBar>
#include <QPrintDialog>
#include <QPrinter>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QTextDocument>
#include <QToolButton>

#include <deque>

using namespace billing;
using namespace billing::console;

using Mood = SampleApi::Mood;

Q_DECLARE_METATYPE(billing::console::SampleApi::Mood)
Q_DECLARE_METATYPE(billing::console::PanelKind)

namespace {

/// Runs what was posted when it is told to, on the thread that tells it.
class HeldExecutor final : public Executor
{
public:
    void post(Task task) override { m_tasks.push_back(std::move(task)); }
    void postAfter(Duration, Task task) override { post(std::move(task)); }

    int held() const { return static_cast<int>(m_tasks.size()); }
    void run(int count)
    {
        for (; count > 0 && !m_tasks.empty(); --count) {
            const Task task = std::move(m_tasks.front());
            m_tasks.pop_front();
            task();
        }
    }

private:
    std::deque<Task> m_tasks;
};

} // namespace

class TestScreens : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { dress(Appearance::Light); }
    void refusedSignInSaysWhatToDo();
    void withoutAKeyringItSaysSo();
    void aListThatIsNotThereSaysWhy_data();
    void aListThatIsNotThereSaysWhy();
    void offlineKeepsWhatWasKnown();
    void hostileNamesStayText();
    void everythingHasAName();
    void severalChosenKeepThePreview();
    void exportTellsWhatItCouldNotHave();
    void printingTwiceAtOnceOpensOneDialog();
    void thePreviewShowsWhatWouldBePrinted();
    void printsFromThePreview();
    void aRefusedLayoutIsTold();
    void thePreviewPaintsOnlyWhatIsSeenAndElsewhere();
    void aPrintThatWasGivenUpLeavesTheNextAlone();
    void aNewThemeIsRemembered();
    void layoutIsKept();

private:
    std::unique_ptr<Scene> signedIn(SampleSize size = SampleSize::Usual);

    WorkerExecutor m_network{"test-network"};
    WorkerExecutor m_painter{"test-painter"};
    WorkerExecutor m_disk{"test-disk"};
    Workers m_workers{m_network, m_painter, m_disk};
};

std::unique_ptr<Scene> TestScreens::signedIn(SampleSize size)
{
    auto scene = std::make_unique<Scene>(m_workers, size, Mood::Answers);
    scene->window().show();
    scene->signInToSample();
    const bool there = QTest::qWaitFor([&] {
        return scene->window().invoices().model().rowCount() > 0 &&
               scene->window().tenants().model().rowCount() > 0;
    });
    return there ? std::move(scene) : nullptr;
}

void TestScreens::refusedSignInSaysWhatToDo()
{
    Scene scene(m_workers, SampleSize::Usual, Mood::Distrusts);
    scene.window().show();
    scene.signInToSample();
    QTRY_VERIFY(scene.session().refusal().has_value());
    QStringList seen;
    for (const WrappedLabel* label : scene.window().signIn().findChildren<WrappedLabel*>())
        if (label->isVisible())
            seen << label->text();
    QVERIFY(seen.contains(scene.session().refusal()->headline));
    QVERIFY(seen.contains(scene.session().refusal()->advice));
    QVERIFY(seen.contains(QStringLiteral("expired_token")));
    QVERIFY(scene.window().signIn().isVisible());
    for (const WrappedLabel* label : scene.window().signIn().findChildren<WrappedLabel*>())
        if (label->isVisible()) // not cut
            QTRY_VERIFY2(label->height() >= label->heightForWidth(label->width()), qPrintable(label->text()));
}

void TestScreens::withoutAKeyringItSaysSo()
{
    Scene scene(m_workers, SampleSize::Usual, Mood::Answers);
    scene.window().show();
    auto* remember = scene.window().signIn().findChild<QCheckBox*>();
    QVERIFY(!remember->isChecked());
    remember->click();
    QTRY_VERIFY(!remember->isEnabled());
    QVERIFY(!remember->isChecked());
}

void TestScreens::aListThatIsNotThereSaysWhy_data()
{
    QTest::addColumn<Mood>("mood");
    QTest::addColumn<PanelKind>("kind");
    QTest::addColumn<QString>("code");
    QTest::addColumn<bool>("mayTryAgain");
    QTest::newRow("refused") << Mood::Refuses << PanelKind::Failed << QStringLiteral("storage_busy") << true;
    QTest::newRow("away") << Mood::Away << PanelKind::Offline << QStringLiteral("offline: refused") << true;
    QTest::newRow("silent") << Mood::Silent << PanelKind::Loading << QString() << false;
    QTest::newRow("empty") << Mood::Empty << PanelKind::Empty << QString() << false;
}

void TestScreens::aListThatIsNotThereSaysWhy()
{
    QFETCH(Mood, mood);
    QFETCH(PanelKind, kind);
    QFETCH(QString, code);
    QFETCH(bool, mayTryAgain);
    const auto scene = signedIn();
    QVERIFY(scene);
    InvoicesPlace& place = scene->window().invoices();
    scene->setMood(mood);
    place.setApi(nullptr);
    QCOMPARE(place.list().panel().text().kind, PanelKind::Empty);
    place.setApi(scene->session().api());
    QTRY_VERIFY(place.list().panel().isVisible() && place.list().panel().text().kind == kind);
    QTRY_COMPARE(place.list().panel().text().code, code);
    QCOMPARE(!place.list().panel().text().action.isEmpty(), mayTryAgain);
    if (!mayTryAgain)
        return;
    scene->setMood(Mood::Answers);
    place.list().panel().findChild<QPushButton*>()->click();
    QTRY_VERIFY(place.list().table().isVisible());
    QVERIFY(place.model().rowCount() > 0);
}

void TestScreens::offlineKeepsWhatWasKnown()
{
    const auto scene = signedIn();
    QVERIFY(scene);
    const int rows = scene->window().invoices().model().rowCount();
    scene->setMood(Mood::Away);
    scene->window().invoices().refresh();
    QTRY_COMPARE(scene->session().state(), Session::State::Offline);
    QCOMPARE(scene->window().invoices().model().rowCount(), rows);
    QVERIFY(scene->window().invoices().list().table().isVisible());
    int said = 0;
    for (const NoticeBar* bar : scene->window().findChildren<NoticeBar*>())
        said += bar->isVisible() ? 1 : 0;
    QCOMPARE(said, 1); // once, not in every list
    scene->setMood(Mood::Answers);
    scene->session().tryAgain();
    QTRY_COMPARE(scene->session().state(), Session::State::SignedIn);
}

void TestScreens::hostileNamesStayText()
{
    const auto scene = signedIn(SampleSize::Extreme);
    QVERIFY(scene);
    TenantsPlace& tenants = scene->window().tenants();
    scene->window().go(0);
    tenants.list().table().selectRow(2); // <img src=...>
    const QString name = tenants.model().index(2, TenantListModel::NameColumn).data().toString();
    QVERIFY(name.contains(QLatin1String("<img src=")));
    const auto labels = tenants.findChild<TenantPane*>()->findChildren<WrappedLabel*>();
    QVERIFY(std::any_of(labels.begin(), labels.end(),
                        [&](const WrappedLabel* label) { return label->text() == name; }));
    QTest::keyClick(&tenants.list().table(), Qt::Key_Return);
    QToolButton* chip = nullptr;
    for (QToolButton* button : scene->window().invoices().findChildren<QToolButton*>())
        if (button->isVisible() && button->accessibleName().contains(name))
            chip = button;
    QVERIFY(chip != nullptr);
    QTextDocument tip;
    tip.setHtml(chip->toolTip());
    QVERIFY(tip.toPlainText().contains(name));
    for (const QLabel* label : scene->window().findChildren<QLabel*>())
        QVERIFY2(label->textFormat() == Qt::PlainText || !Qt::mightBeRichText(label->text()),
                 qPrintable(label->text()));
    chip->click();
    QTRY_VERIFY(scene->window().invoices().model().rowCount() > 4);
}

void TestScreens::everythingHasAName()
{
    const auto scene = signedIn();
    QVERIFY(scene);
    scene->window().invoices().list().table().selectRow(8);
    QTRY_VERIFY(scene->window().invoices().preview().pages().isSettled());
    for (const QWidget* widget : scene->window().findChildren<QWidget*>()) {
        const bool reachable = widget->isVisible() && (widget->focusPolicy() & Qt::TabFocus);
        const auto* button = qobject_cast<const QAbstractButton*>(widget);
        const bool named = !widget->accessibleName().isEmpty() || (button && !button->text().isEmpty());
        const bool container = qobject_cast<const QAbstractScrollArea*>(widget) == nullptr && !button &&
                               qobject_cast<const QLineEdit*>(widget) == nullptr;
        QVERIFY2(!reachable || named || container, widget->metaObject()->className());
    }
    for (QAction* menu : scene->window().menuBar()->actions())
        QVERIFY2(menu->text().contains(QLatin1Char('&')), qPrintable(menu->text()));
    scene->window().go(0);
    QTest::keyClick(&scene->window(), Qt::Key_2, Qt::ControlModifier);
    QTRY_VERIFY(scene->window().invoices().isVisible());
}

void TestScreens::severalChosenKeepThePreview()
{
    const auto scene = signedIn();
    QVERIFY(scene);
    InvoicesPlace& place = scene->window().invoices();
    place.list().table().selectRow(8);
    QTRY_VERIFY(place.preview().pages().isSettled());
    place.list().table().selectAll();
    const auto* print = place.findChild<QAction*>(QStringLiteral("print"));
    const auto* open = place.findChild<QAction*>(QStringLiteral("open"));
    QTRY_VERIFY(!open->isEnabled());
    QVERIFY(print->isEnabled());
    QVERIFY(place.preview().isVisible());
    place.list().table().clearSelection();
    QTRY_VERIFY(!place.preview().isVisible());
    QVERIFY(!print->isEnabled());
}

void TestScreens::exportTellsWhatItCouldNotHave()
{
    const auto scene = signedIn();
    QVERIFY(scene);
    InvoicesPlace& place = scene->window().invoices();
    place.list().table().selectAll();
    place.exportTo(scene->folder());
    ExportDialog* dialog = place.exportDialog();
    QVERIFY(dialog != nullptr);
    QTRY_COMPARE(dialog->running().progress().done, SampleApi::documentsBeforeTheStall);
    QCOMPARE(dialog->running().state(), PdfExport::State::Running);
    QCOMPARE(dialog->findChild<QListWidget*>()->count(), 1);
    dialog->close(); // while it runs: cancels, and stays to tell
    QTRY_COMPARE(dialog->running().state(), PdfExport::State::Cancelled);
    QVERIFY(dialog->isVisible());
    dialog->close();
    QTRY_VERIFY(place.exportDialog() == nullptr);
}

void TestScreens::printingTwiceAtOnceOpensOneDialog()
{
    const auto scene = signedIn();
    QVERIFY(scene);
    InvoicesPlace& place = scene->window().invoices();
    place.list().table().selectRow(8);
    auto* print = place.findChild<QAction*>(QStringLiteral("print"));
    QTRY_VERIFY(print->isEnabled());
    print->trigger();
    print->trigger();
    const auto dialogs = [&] { return scene->window().findChildren<QPrintDialog*>().size(); };
    QTRY_COMPARE(dialogs(), 1);
    print->trigger();
    QCOMPARE(dialogs(), 1);
    scene->session().signOut(); // and no dialog outlives the session
    QTRY_COMPARE(dialogs(), 0);
}

void TestScreens::thePreviewShowsWhatWouldBePrinted()
{
    const auto scene = signedIn();
    QVERIFY(scene);
    InvoicesPlace& place = scene->window().invoices();
    place.list().table().selectAll();
    auto* action = place.findChild<QAction*>(QStringLiteral("printPreview"));
    QTRY_VERIFY(action->isEnabled());
    action->trigger();
    action->trigger();
    const auto previews = [&] { return scene->window().findChildren<PrintPreview*>(); };
    QTRY_COMPARE(previews().size(), 1);
    PrintPreview* preview = previews().front();
    QTRY_VERIFY(preview->pages().isSettled());
    QVERIFY(preview->pages().pageCount() >= place.model().rowCount()); // all of them in a row
    auto* paper = preview->findChild<QComboBox*>();
    QCOMPARE(preview->sheet().id(), QPageSize::Letter); // the first buyer is in the United States
    paper->setCurrentIndex(paper->findData(QPageSize::A4));
    QSignalSpy laidOut(&preview->pages(), &PageView::laidOut);
    Q_EMIT paper->activated(paper->currentIndex());
    QTRY_COMPARE(laidOut.size(), 1);
    QCOMPARE(preview->sheet().id(), QPageSize::A4);
    action->trigger();
    QCOMPARE(previews().size(), 1);
    QTest::keyClick(preview, Qt::Key_Escape);
    QTRY_COMPARE(previews().size(), 0);
    action->trigger();
    QTRY_COMPARE(previews().size(), 1);
    scene->session().signOut(); // and no preview outlives the session
    QTRY_COMPARE(previews().size(), 0);
}

void TestScreens::printsFromThePreview()
{
    const auto scene = signedIn();
    QVERIFY(scene);
    InvoicesPlace& place = scene->window().invoices();
    place.list().table().selectRow(8);
    auto* action = place.findChild<QAction*>(QStringLiteral("printPreview"));
    QTRY_VERIFY(action->isEnabled());
    action->trigger();
    const auto preview = [&] { return scene->window().findChild<PrintPreview*>(); };
    QTRY_VERIFY(preview() != nullptr);
    auto* print = preview()->findChild<QAction*>(QStringLiteral("printFromPreview"));
    QVERIFY(!print->isEnabled()); // nothing is laid out yet
    QTRY_VERIFY(print->isEnabled());
    QTest::keyClick(preview(), Qt::Key_P, Qt::ControlModifier);
    const auto dialog = [&] { return scene->window().findChild<QPrintDialog*>(); };
    QTRY_VERIFY(dialog() != nullptr);
    QCOMPARE(dialog()->printer()->pageLayout().pageSize().id(), preview()->sheet().id());
    dialog()->reject(); // back to the preview
    QTRY_VERIFY(dialog() == nullptr);
    QVERIFY(preview()->isVisible());
    print->trigger();
    QTRY_VERIFY(dialog() != nullptr);
    const QString file = scene->folder() + QStringLiteral("/previewed.pdf");
    dialog()->printer()->setOutputFormat(QPrinter::PdfFormat);
    dialog()->printer()->setOutputFileName(file);
    QSignalSpy news(&place, &InvoicesPlace::news);
    dialog()->done(QDialog::Accepted);
    QTRY_COMPARE(news.size(), 1);
    QTRY_VERIFY(preview() == nullptr);
    QVERIFY(QFileInfo(file).size() > 5000);
}

void TestScreens::aRefusedLayoutIsTold()
{
    QWidget window;
    auto unknown = std::make_shared<Invoice>(sampleRecords(SampleSize::Usual).invoices.front());
    unknown->templateVersion = 77;
    PrintPreview preview(m_painter, {unknown}, &window);
    preview.show();
    const auto* panel = preview.findChild<StatePanel*>();
    QTRY_COMPARE(panel->text().code, QStringLiteral("unknown_template: template_version"));
    QVERIFY(!preview.findChild<QAction*>(QStringLiteral("printFromPreview"))->isEnabled());
}

void TestScreens::thePreviewPaintsOnlyWhatIsSeenAndElsewhere()
{
    HeldExecutor painter;
    QWidget window;
    window.resize(900, 700);
    PrintPreview preview(painter, {std::make_shared<const Invoice>(test::invoiceWithLines(2000))}, &window);
    preview.show();
    QVERIFY(QTest::qWaitForWindowExposed(&preview));
    QCOMPARE(preview.pages().pageCount(), 0);
    QCOMPARE(painter.held(), 1); // to lay out
    painter.run(1);
    QTRY_VERIFY(preview.pages().pageCount() > 40);
    int painted = 0;
    while (!preview.pages().isSettled()) {
        QTRY_VERIFY(painter.held() > 0);
        painter.run(1);
        ++painted;
        QCoreApplication::processEvents();
    }
    QVERIFY2(painted > 0 && painted <= 12, qPrintable(QString::number(painted))); // tiles, not 40 pages
}

void TestScreens::aPrintThatWasGivenUpLeavesTheNextAlone()
{
    HeldExecutor painter;
    Scene scene({m_network, painter, m_disk}, SampleSize::Usual, Mood::Answers);
    scene.window().show();
    scene.signInToSample();
    InvoicesPlace& place = scene.window().invoices();
    QTRY_VERIFY(place.model().rowCount() > 0);
    place.list().table().selectRow(8);
    auto* print = place.findChild<QAction*>(QStringLiteral("print"));
    QTRY_VERIFY(print->isEnabled());
    QSignalSpy news(&place, &InvoicesPlace::news);
    const auto dialog = [&] { return place.findChild<QPrintDialog*>(); };
    const auto waiting = [&] { return place.findChild<WaitingDialog*>(); };
    const auto start = [&](const char* name) {
        print->trigger();
        if (!QTest::qWaitFor([&] { return dialog() != nullptr; }))
            return;
        dialog()->printer()->setOutputFormat(QPrinter::PdfFormat);
        dialog()->printer()->setOutputFileName(scene.folder() + QLatin1Char('/') + QLatin1String(name));
        dialog()->done(QDialog::Accepted);
    };
    start("first.pdf");
    QVERIFY(waiting() != nullptr);
    waiting()->findChild<QPushButton*>(QStringLiteral("cancel"))->click();
    QTRY_VERIFY(waiting() == nullptr && dialog() == nullptr);
    const int ofTheFirst = painter.held();
    start("second.pdf");
    const QPointer<WaitingDialog> second = waiting();
    QVERIFY(second);
    QTRY_VERIFY(second->isVisible());
    painter.run(ofTheFirst); // it ends only now
    QCoreApplication::processEvents();
    QVERIFY(second && second->isVisible());
    QCOMPARE(news.size(), 0);
    painter.run(painter.held());
    QTRY_COMPARE(news.size(), 1);
    painter.run(painter.held());
}

void TestScreens::aNewThemeIsRemembered()
{
    Scene scene(m_workers, SampleSize::Usual, Mood::Answers);
    QSignalSpy chosen(&scene.window(), &MainWindow::themeChosen);
    scene.window().findChild<QAction*>(QStringLiteral("themeDark"))->trigger();
    QCOMPARE(chosen.size(), 1);
    QCOMPARE(Preferences(scene.folder() + QStringLiteral("/preferences.ini")).theme(), Theme::Dark);
}

void TestScreens::layoutIsKept()
{
    Scene scene(m_workers, SampleSize::Usual, Mood::Answers);
    scene.window().show();
    scene.window().close();
    const Preferences kept(scene.folder() + QStringLiteral("/preferences.ini"));
    QVERIFY(!kept.windowGeometry().isEmpty());
    QVERIFY(!kept.layout(QStringLiteral("invoices")).isEmpty());
}

QTEST_MAIN(TestScreens)

#include "tst_screens.moc"
