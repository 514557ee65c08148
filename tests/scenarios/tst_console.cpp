// The console against a real server, as a clerk uses it: sign in, choose, look, print, export, lose the
// server and find it again. Everything through the window's own fields, actions and dialogs; offscreen. As
// many invoices are exported as BILLING_TRIALS says, 200 when it says nothing.
#include "console/app/english_plurals.h"
#include "console/app/scene.h"
#include "console/app/worker_executor.h"
#include "console/widgets/house_style.h"
#include "shared/document/invoice_layout.h"
#include "tests/scenarios/requests.h"
#include "tests/scenarios/server_fixture.h"

#include <QAction>
#include <QClipboard>
#include <QComboBox>
#include <QDir>
#include <QElapsedTimer>
#include <QGuiApplication>
#include <QLineEdit>
#include <QPrintDialog>
#include <QPrinter>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace billing;
using namespace billing::console;

namespace {

constexpr int monthsPerTenant = 20; // of the months behind us
constexpr int seconds = 1000;

int invoiceCount()
{
    const int wished = qEnvironmentVariableIntValue("BILLING_TRIALS");
    const int tenants = std::clamp(wished > 0 ? wished : 200, 20, 2000) / monthsPerTenant;
    return tenants * monthsPerTenant;
}

std::string monthAfter(int months)
{
    const int month = 2 + months; // from March 2024 on
    const std::string digits = std::to_string(month % 12 + 1);
    return std::to_string(2024 + month / 12) + "-" + (digits.size() < 2 ? "0" : "") + digits + "-01";
}

template <class Dialog>
Dialog* shownDialog()
{
    for (QWidget* widget : QApplication::topLevelWidgets())
        if (auto* dialog = qobject_cast<Dialog*>(widget); dialog && dialog->isVisible())
            return dialog;
    return nullptr;
}

QByteArray bytesOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class TestConsole : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void refusesATokenOfAnotherCertificate();
    void refusesNonsense();
    void signsIn();
    void showsTenantsWithTheirTiers();
    void choosesAndLooks();
    void opensAndReturns();
    void narrowsTheList();
    void printsToPdf();
    void showsThePrintPreview();
    void exportsStoredBytes();
    void exportsThemAgainAndFindsThemThere();
    void theServerGoesAndComesBack();
    void signsOut();
    void cleanupTestCase();

private:
    QByteArray token(const std::string& certificate) const;
    void fillForm(const QByteArray& token);
    void makeInvoices();
    MainWindow& window() { return m_scene->window(); }
    InvoicesPlace& invoices() { return window().invoices(); }
    QAction* action(const char* name) { return invoices().findChild<QAction*>(QString::fromLatin1(name)); }

    test::ServerFixture m_server;
    WorkerExecutor m_network{"test-network"};
    WorkerExecutor m_painter{"test-painter"};
    WorkerExecutor m_disk{"test-disk"};
    EnglishPlurals m_plurals;
    std::unique_ptr<Scene> m_scene;
};

QByteArray TestConsole::token(const std::string& certificate) const
{
    const auto file = m_server.dataDirectory() / "pki" / (certificate + ".crt");
    const test::Finished minted =
        m_server.run("token", {"--subject", "console", "--role", "finance", "--cert", file.string()});
    return QByteArray::fromStdString(minted.output).trimmed();
}

void TestConsole::fillForm(const QByteArray& token)
{
    const auto pki = [this](const char* name) {
        return QString::fromStdString((m_server.dataDirectory() / "pki" / name).string());
    };
    window().signIn().fill(
        {QUrl(QString::fromStdString(m_server.url())), pki("console.crt"), pki("console.key"), pki("ca.crt")},
        token);
}

void TestConsole::makeInvoices()
{
    const test::HttpsClient client = m_server.client();
    for (int tenant = 0; tenant < invoiceCount() / monthsPerTenant; ++tenant) {
        const std::string id = "customer-" + std::to_string(tenant);
        test::signUp(client, {.id = id, .startsOn = monthAfter(0)});
        for (int month = 0; month < monthsPerTenant; ++month) {
            const test::HttpReply draft = client.post(
                "/api/v1/invoices", test::invoiceRequest(id, monthAfter(month), monthAfter(month + 1)));
            QCOMPARE(draft.status, 201);
            const test::HttpReply finalised =
                client.post("/api/v1/invoices/" + draft.at("invoice_id") + "/finalise", "{}");
            QCOMPARE(finalised.status, 200);
        }
    }
}

void TestConsole::initTestCase()
{
    QCoreApplication::installTranslator(&m_plurals);
    dress(Appearance::Light);
    m_server.start();
    QElapsedTimer making;
    making.start();
    makeInvoices();
    qInfo("%d invoices finalised in %lld ms", invoiceCount(), making.elapsed());
    m_scene = std::make_unique<Scene>(Workers{m_network, m_painter, m_disk});
    window().show();
    QVERIFY(QTest::qWaitForWindowExposed(&window()));
}

void TestConsole::refusesATokenOfAnotherCertificate()
{
    fillForm(token("kernel"));
    QTest::mouseClick(window().findChild<QPushButton*>(QStringLiteral("submit")), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(m_scene->session().refusal().has_value(), 10 * seconds);
    QCOMPARE(m_scene->session().state(), Session::State::SignedOut);
    QCOMPARE(m_scene->session().refusal()->error.code, ErrorCode::TokenNotBoundToCertificate);
    bool said = false;
    for (const WrappedLabel* label : window().signIn().findChildren<WrappedLabel*>())
        said = said || (label->isVisible() && label->text() == m_scene->session().refusal()->headline);
    QVERIFY(said);
    QVERIFY(window().signIn().isVisible());
}

void TestConsole::refusesNonsense()
{
    fillForm("not.a.token");
    window().signIn().submit();
    QTRY_COMPARE_WITH_TIMEOUT(m_scene->session().state(), Session::State::SignedOut, 10 * seconds);
    QVERIFY(m_scene->session().refusal().has_value());
    QCOMPARE(m_scene->session().refusal()->error.code, ErrorCode::InvalidToken);
    QVERIFY(!m_scene->session().refusal()->advice.isEmpty());
}

void TestConsole::signsIn()
{
    fillForm(token("console"));
    QTest::keyClick(window().findChild<QPushButton*>(QStringLiteral("submit")), Qt::Key_Space);
    QTRY_COMPARE_WITH_TIMEOUT(m_scene->session().state(), Session::State::SignedIn, 10 * seconds);
    QVERIFY(!window().signIn().isVisible());
    QCOMPARE(m_scene->session().who(), QStringLiteral("console"));
    QTRY_VERIFY_WITH_TIMEOUT(invoices().model().rowCount() > 0, 10 * seconds);
    for (const QLineEdit* field : window().signIn().findChildren<QLineEdit*>())
        QVERIFY(field->echoMode() != QLineEdit::Password ||
                field->text().isEmpty()); // secrets do not stay in fields
}

void TestConsole::showsTenantsWithTheirTiers()
{
    window().go(0);
    QTRY_COMPARE(window().tenants().model().rowCount(), invoiceCount() / monthsPerTenant);
    RecordTable& table = window().tenants().list().table();
    const QModelIndex first = table.model()->index(0, TenantListModel::NameColumn);
    QTRY_COMPARE(first.data(TenantListModel::TierRole), QVariant(static_cast<int>(Tier::Lite)));
    table.selectRow(0);
    QTRY_VERIFY(window().tenants().findChild<TenantPane*>()->isVisible());
    QTest::keyClick(&table, Qt::Key_Return);
    QTRY_COMPARE(invoices().model().rowCount(), monthsPerTenant);
    invoices().showTenant({}, {});
    QTRY_VERIFY(invoices().model().rowCount() > monthsPerTenant || invoiceCount() == monthsPerTenant);
}

void TestConsole::choosesAndLooks()
{
    invoices().list().table().selectRow(0);
    QTRY_COMPARE(invoices().document().state(), ListState::Ready);
    PageView& pages = invoices().preview().pages();
    QTRY_VERIFY_WITH_TIMEOUT(pages.isSettled(), 10 * seconds);
    const auto layout = document::layOutInvoice(*invoices().document().invoice());
    QCOMPARE(pages.pageCount(), static_cast<int>(layout->pages.size()));
    action("copyNumber")->trigger();
    QCOMPARE(QGuiApplication::clipboard()->text(),
             QString::fromStdString(*invoices().document().invoice()->number));
}

void TestConsole::opensAndReturns()
{
    QTest::keyClick(&invoices().list().table(), Qt::Key_Return);
    QVERIFY(!invoices().list().isVisible());
    QVERIFY(invoices().preview().isVisible());
    action("back")->trigger();
    QVERIFY(invoices().list().isVisible());
    QVERIFY(invoices().preview().isVisible());
}

void TestConsole::narrowsTheList()
{
    auto* search = invoices().findChild<QLineEdit*>();
    const QString number = invoices().model().index(1, InvoiceListModel::NumberColumn).data().toString();
    QTest::keyClicks(search, number);
    QTRY_COMPARE_WITH_TIMEOUT(invoices().model().rowCount(), 1, 10 * seconds);
    QCOMPARE(invoices().model().index(0, InvoiceListModel::NumberColumn).data().toString(), number);
    search->setText(QStringLiteral("nobody of that name"));
    QTRY_COMPARE_WITH_TIMEOUT(invoices().model().state(), ListState::Empty, 10 * seconds);
    QVERIFY(!invoices().list().panel().text().action.isEmpty());
    search->clear();
    QTRY_VERIFY_WITH_TIMEOUT(invoices().model().rowCount() > 1, 10 * seconds);
}

void TestConsole::printsToPdf()
{
    const QString file = m_scene->folder() + QStringLiteral("/printed.pdf");
    invoices().list().table().selectRow(0);
    QTRY_VERIFY(action("print")->isEnabled());
    QSignalSpy news(&invoices(), &InvoicesPlace::news);
    action("print")->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(shownDialog<QPrintDialog>() != nullptr, 10 * seconds);
    QPrintDialog* dialog = shownDialog<QPrintDialog>();
    dialog->printer()->setOutputFormat(QPrinter::PdfFormat);
    dialog->printer()->setOutputFileName(file);
    dialog->done(QDialog::Accepted);
    QTRY_COMPARE_WITH_TIMEOUT(news.size(), 1, 20 * seconds);
    QCOMPARE(news.front().front().toString(), QStringLiteral("1 invoice sent to the printer"));
    const QByteArray printed = bytesOf(file);
    QVERIFY(printed.startsWith("%PDF-"));
    QVERIFY(printed.size() > 5000);
}

void TestConsole::showsThePrintPreview()
{
    action("printPreview")->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(shownDialog<PrintPreview>() != nullptr, 10 * seconds);
    QTRY_VERIFY_WITH_TIMEOUT(shownDialog<PrintPreview>()->pages().isSettled(), 10 * seconds);
    shownDialog<PrintPreview>()->close();
    QTRY_VERIFY(shownDialog<PrintPreview>() == nullptr);
}

void TestConsole::exportsStoredBytes()
{
    RecordTable& table = invoices().list().table();
    while (invoices().model().hasMore()) {
        if (invoices().model().canFetchMore({}))
            invoices().model().fetchMore({});
        const int rows = invoices().model().rowCount();
        QTRY_VERIFY_WITH_TIMEOUT(invoices().model().rowCount() > rows || !invoices().model().hasMore(),
                                 10 * seconds);
    }
    QCOMPARE(invoices().model().rowCount(), invoiceCount());
    // The server draws them in the background, the newest last.
    const test::HttpsClient client = m_server.client();
    std::map<QString, std::string> stored;
    for (int row = 0; row < invoiceCount(); ++row) {
        const wire::InvoiceSummary* summary = invoices().model().at(row);
        const std::string path = "/api/v1/invoices/" + summary->id.text() + "/pdf";
        QTRY_COMPARE_WITH_TIMEOUT(client.get(path).status, 200, 60 * seconds);
        stored[QString::fromStdString(*summary->number)] = client.get(path).body;
    }
    table.selectAll();
    QTRY_VERIFY(action("exportPdf")->isEnabled());
    const QString folder = m_scene->folder() + QStringLiteral("/pdf");
    QVERIFY(QDir().mkpath(folder));
    QElapsedTimer taking;
    taking.start();
    invoices().exportTo(folder);
    QVERIFY(invoices().exportDialog() != nullptr);
    QTRY_COMPARE_WITH_TIMEOUT(invoices().exportDialog()->running().state(), PdfExport::State::Finished,
                              60 * seconds);
    qInfo("%d PDFs exported in %lld ms", invoiceCount(), taking.elapsed());
    QCOMPARE(invoices().exportDialog()->running().progress().written, invoiceCount());
    QVERIFY(invoices().exportDialog()->running().progress().failures.empty());
    for (const auto& [number, bytes] : stored)
        QVERIFY2(bytesOf(folder + QLatin1Char('/') + number + QStringLiteral(".pdf")).toStdString() == bytes,
                 qPrintable(number));
    QTest::keyClick(invoices().exportDialog()->findChild<QPushButton*>(QStringLiteral("close")),
                    Qt::Key_Space);
    QTRY_VERIFY(invoices().exportDialog() == nullptr);
}

void TestConsole::exportsThemAgainAndFindsThemThere()
{
    invoices().exportTo(m_scene->folder() + QStringLiteral("/pdf"));
    QTRY_COMPARE_WITH_TIMEOUT(invoices().exportDialog()->running().state(), PdfExport::State::Finished,
                              60 * seconds);
    QCOMPARE(invoices().exportDialog()->running().progress().alreadyThere, invoiceCount());
    invoices().exportDialog()->close();
    QTRY_VERIFY(invoices().exportDialog() == nullptr);
}

void TestConsole::theServerGoesAndComesBack()
{
    const int rows = invoices().model().rowCount();
    m_server.kill();
    invoices().refresh();
    QTRY_COMPARE_WITH_TIMEOUT(m_scene->session().state(), Session::State::Offline, 20 * seconds);
    QCOMPARE(invoices().model().rowCount(), rows); // what was last known stays
    bool said = false;
    for (const NoticeBar* notice : window().findChildren<NoticeBar*>())
        said = said || notice->isVisible();
    QVERIFY(said);
    m_server.start();
    m_scene->session().tryAgain();
    QTRY_COMPARE_WITH_TIMEOUT(m_scene->session().state(), Session::State::SignedIn, 20 * seconds);
}

void TestConsole::signsOut()
{
    window().findChild<QAction*>(QStringLiteral("signOut"))->trigger();
    QTRY_VERIFY(window().signIn().isVisible());
    QCOMPARE(invoices().model().rowCount(), 0);
    QVERIFY(!invoices().document().invoice());
}

void TestConsole::cleanupTestCase()
{
    m_scene.reset();
}

QTEST_MAIN(TestConsole)

#include "tst_console.moc"
