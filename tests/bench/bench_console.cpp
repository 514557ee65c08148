// How soon the console's window is there with its list filled, and how long its GUI thread is ever busy with
// one event, against a server of 1,000,000 invoices in a process of its own, over TLS on loopback. The window
// is the real one, shown on whatever platform QT_QPA_PLATFORM or DISPLAY says, else offscreen. Each round is
// a new process: from its start to the first paint that has rows, signed in by what the command line gives;
// then it scrolls and refreshes the list, looks at an invoice of 2,000 lines beside it and in the print
// preview, and exports 200 PDFs. Prints one JSON line per figure; the limit is a program in the same run that
// shows an empty window. `cpu` is the thread's own time: on a busy machine the wall clock also counts other
// programs. What the server needs to find a page among that many is not in here: it makes them up.
#include "console/app/appearance.h"
#include "console/app/english_plurals.h"
#include "console/app/scene.h"
#include "console/app/worker_executor.h"
#include "shared/wire/invoice_json.h"
#include "tests/console/models/fake_api.h"
#include "tests/shared/client/hostile_server.h"
#include "tests/shared/document/sample_invoices.h"

#include <QAction>
#include <QApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QItemSelectionModel>
#include <QPaintEvent>
#include <QPrintDialog>
#include <QPrinter>
#include <QProcess>
#include <QScrollBar>
#include <QTemporaryDir>
#include <QThread>

#include <algorithm>
#include <cstdio>
#include <ctime>

namespace {

using namespace billing;
using namespace billing::console;

constexpr int invoices = 1'000'000;
constexpr int rounds = 5;
constexpr int browsedRows = 5'000;
constexpr int exportedPdfs = 200;

double threadMilliseconds()
{
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

struct Longest
{
    double wall = 0;
    double cpu = 0;
    QByteArray event = "none"; ///< the longest by cpu: whose, and its number in QEvent::Type
};

/// Measures every event that is delivered; those delivered inside another count with it.
class MeasuredApplication : public QApplication
{
public:
    using QApplication::QApplication;

    Longest longest;
    /// Whose paint events are counted from now on.
    const QObject* watched = nullptr;
    int paints = 0;

    bool notify(QObject* receiver, QEvent* event) override
    {
        if (QThread::currentThread() != thread()) // the network's and the file dialogs' own come by here too
            return QApplication::notify(receiver, event);
        const bool isOutermost = m_depth++ == 0;
        paints += receiver == watched && event->type() == QEvent::Paint ? 1 : 0;
        const char* const whose = receiver->metaObject()->className(); // it may be gone afterwards
        const int type = event->type();
        const double before = isOutermost ? threadMilliseconds() : 0;
        QElapsedTimer wall;
        wall.start();
        const bool taken = QApplication::notify(receiver, event);
        --m_depth;
        if (isOutermost) {
            longest.wall = std::max(longest.wall, static_cast<double>(wall.nsecsElapsed()) / 1e6);
            const double cpu = threadMilliseconds() - before;
            if (cpu > longest.cpu) {
                longest.cpu = cpu;
                longest.event = QByteArray(whose) + '/' + QByteArray::number(type);
            }
        }
        return taken;
    }

private:
    int m_depth = 0;
};

void write(const QString& name, const QByteArray& bytes)
{
    QFile file(name);
    BILLING_ASSERT(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
}

QByteArray page(const QByteArray& target)
{
    const int from = target.mid(target.indexOf("cursor=") + 7).toInt();
    std::vector<std::string> rows;
    for (int i = from; i < std::min(invoices, from + 100); ++i)
        rows.push_back(wire::encodeInvoiceSummary(test::summaryOf(i)));
    return QByteArray::fromStdString(wire::encodeList("invoices", rows, std::to_string(from + 100)));
}

/// Certificates and keys into the folder, its URL on stdout, and answers until it is ended.
int serve(QCoreApplication& application, const QString& folder)
{
    const test::Authority authority;
    const test::Identity console = authority.issue();
    write(folder + QStringLiteral("/ca.crt"), authority.certificate());
    write(folder + QStringLiteral("/console.crt"), console.certificate);
    write(folder + QStringLiteral("/console.key"), console.key);
    Invoice invoice = test::invoiceWithLines(2'000);
    const QByteArray json("application/json");
    const test::HostileServer server(
        test::serverTls(authority.issue(), authority.certificate()),
        [&](QSslSocket& socket, const test::SeenRequest& request) {
            if (request.target.startsWith("/api/v1/invoices?"))
                socket.write(test::httpAnswer(200, json, page(request.target)));
            else if (request.target.endsWith("/pdf"))
                socket.write(test::httpAnswer(200, "application/pdf", "%PDF-" + QByteArray(40'000, 'x')));
            else if (request.target.startsWith("/api/v1/invoices/")) {
                invoice.id = InvoiceId(request.target.mid(request.target.lastIndexOf('/') + 1).toStdString());
                const std::string text = wire::encodeInvoice(invoice);
                socket.write(test::httpAnswer(200, json, QByteArray::fromStdString(text)));
            } else
                socket.write(test::httpAnswer(200, json, R"({"tenants":[]})"));
        });
    std::printf("%s\n", server.url().toEncoded().constData());
    std::fflush(stdout);
    return application.exec();
}

template <class Reached>
void runUntil(Reached reached)
{
    while (!reached())
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
}

/// As an event of its own, so that it is measured.
template <class Work>
void does(Work work)
{
    bool done = false;
    QMetaObject::invokeMethod(
        qApp,
        [&] {
            work();
            done = true;
        },
        Qt::QueuedConnection);
    runUntil([&] { return done; });
}

/// A person at the window; each thing that is done says how long one event took at most.
class Reader
{
public:
    Reader(MeasuredApplication& application, Scene& scene)
        : m_application(application)
        , m_scene(scene)
    {
    }

    void signIn(const QString& folder, const QUrl& url)
    {
        const auto in = [&](const char* name) { return folder + QLatin1Char('/') + QLatin1String(name); };
        m_application.watched = table().viewport();
        does([&] {
            m_scene.window().signIn().fill({url, in("console.crt"), in("console.key"), in("ca.crt")},
                                           "e30.e30.e30");
            m_scene.window().show();
            m_scene.window().signIn().submit();
        });
        runUntil([&] { return place().model().rowCount() > 0; });
        m_application.paints = 0;
        runUntil([&] { return m_application.paints > 0; });
        std::printf("filled\n");
        std::fflush(stdout);
        tell("first_window");
    }

    void browse()
    {
        while (place().model().rowCount() < browsedRows) {
            const int rows = place().model().rowCount();
            does([&] { table().scrollToBottom(); });
            runUntil([&] { return place().model().rowCount() > rows; });
        }
        does([&] { place().refresh(); });
        runUntil([&] { return !place().model().isFetching(); });
        tell("browsing_5000_rows_and_refresh");
    }

    void look()
    {
        does([&] { table().selectRow(0); });
        runUntil([&] { return place().preview().pages().isSettled(); });
        does([&] { place().findChild<QAction*>(QStringLiteral("open"))->trigger(); });
        scrollThrough(place().preview().pages());
        does([&] { place().findChild<QAction*>(QStringLiteral("back"))->trigger(); });
        tell("preview_of_2000_lines_beside_the_list");
    }

    void previewPrint()
    {
        does([&] { place().findChild<QAction*>(QStringLiteral("printPreview"))->trigger(); });
        const auto preview = [&] { return m_scene.window().findChild<PrintPreview*>(); };
        runUntil([&] { return preview() != nullptr && preview()->pages().isSettled(); });
        scrollThrough(preview()->pages());
        does([&] { preview()->close(); });
        runUntil([&] { return preview() == nullptr; });
        tell("print_preview_of_2000_lines");
    }

    void print()
    {
        const QTemporaryDir target;
        bool printed = false;
        const QObject context;
        QObject::connect(&place(), &InvoicesPlace::news, &context, [&] { printed = true; });
        does([&] { place().findChild<QAction*>(QStringLiteral("print"))->trigger(); });
        const auto dialog = [&] { return m_scene.window().findChild<QPrintDialog*>(); };
        runUntil([&] { return dialog() != nullptr && dialog()->isVisible(); });
        tell("print_dialog_opening");
        does([&] {
            dialog()->printer()->setOutputFormat(QPrinter::PdfFormat);
            dialog()->printer()->setOutputFileName(target.filePath(QStringLiteral("printed.pdf")));
            dialog()->done(QDialog::Accepted);
        });
        runUntil([&] { return printed; });
        tell("printing_2000_lines");
    }

    void exportPdfs()
    {
        const QTemporaryDir target;
        does([&] {
            const QAbstractItemModel& rows = *table().model();
            table().selectionModel()->select(
                {rows.index(0, 0), rows.index(exportedPdfs - 1, rows.columnCount() - 1)},
                QItemSelectionModel::ClearAndSelect);
        });
        does([&] { place().exportTo(target.path()); });
        const PdfExport& running = place().exportDialog()->running();
        runUntil([&] { return running.state() == PdfExport::State::Finished; });
        BILLING_ASSERT(running.progress().written == exportedPdfs);
        does([&] { place().exportDialog()->close(); });
        tell("export_of_200_pdfs");
    }

private:
    InvoicesPlace& place() { return m_scene.window().invoices(); }
    RecordTable& table() { return place().list().table(); }

    /// To the end, a screenful at a time, without waiting for what passes by.
    void scrollThrough(PageView& pages)
    {
        QScrollBar& bar = *pages.verticalScrollBar();
        while (bar.value() < bar.maximum()) {
            does([&] { bar.triggerAction(QAbstractSlider::SliderPageStepAdd); });
            QCoreApplication::processEvents();
        }
        runUntil([&] { return pages.isSettled(); });
    }

    void tell(const char* what)
    {
        const Longest& longest = m_application.longest;
        std::printf("%s %.3f %.3f %s\n", what, longest.wall, longest.cpu, longest.event.constData());
        m_application.longest = {};
    }

    MeasuredApplication& m_application;
    Scene& m_scene;
};

/// What runConsole() does, over preferences of its own.
int browse(MeasuredApplication& application, const QString& folder, const QUrl& url)
{
    const EnglishPlurals plurals;
    WorkerExecutor network("bench-decode");
    WorkerExecutor painter("bench-paint");
    WorkerExecutor disk("bench-disk");
    const AppearanceFollower appearance(Theme::Light);
    Scene scene({network, painter, disk});
    Reader reader(application, scene);
    reader.signIn(folder, url);
    reader.browse();
    reader.look();
    reader.previewPrint();
    reader.print();
    reader.exportPdfs();
    return 0;
}

int showNothing(MeasuredApplication& application)
{
    QWidget window;
    application.watched = &window;
    window.resize(1440, 900);
    window.show();
    runUntil([&] { return application.paints > 0; });
    return std::printf("nothing\n") > 0 ? 0 : 1;
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

/// One more of this program; milliseconds from its start to its first line.
double start(QProcess& process, const QStringList& arguments, QByteArray& line)
{
    QElapsedTimer timer;
    timer.start();
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    process.start(QCoreApplication::applicationFilePath(), arguments);
    while (!process.canReadLine())
        BILLING_ASSERT(process.waitForReadyRead(60'000));
    line = process.readLine().trimmed();
    return static_cast<double>(timer.nsecsElapsed()) / 1e6;
}

void tellFigures(const std::vector<QList<QByteArray>>& phases, const std::vector<double>& filled,
                 const std::vector<double>& empty)
{
    std::printf("{\"bench\":\"console_first_list\",\"invoices\":%d,\"platform\":\"%s\",\"median_ms\":%.1f,"
                "\"target_ms\":1000}\n",
                invoices, qPrintable(QGuiApplication::platformName()), median(filled));
    std::printf("{\"bench\":\"console_limit_empty_window\",\"median_ms\":%.1f}\n", median(empty));
    for (const QList<QByteArray>& phase : phases)
        std::printf("{\"bench\":\"console_longest_event\",\"while\":\"%s\",\"wall_ms\":%s,\"cpu_ms\":%s,"
                    "\"event\":\"%s\",\"target_ms\":16}\n",
                    phase[0].constData(), phase[1].constData(), phase[2].constData(), phase[3].constData());
}

/// Of each figure the round that was longest by cpu.
void keepLongest(std::vector<QList<QByteArray>>& phases, const QByteArray& output)
{
    for (const QByteArray& line : output.trimmed().split('\n')) {
        const QList<QByteArray> words = line.split(' ');
        BILLING_ASSERT(words.size() == 4);
        const auto known = std::find_if(phases.begin(), phases.end(),
                                        [&](const QList<QByteArray>& phase) { return phase[0] == words[0]; });
        if (known == phases.end())
            phases.push_back(words);
        else if (words[2].toDouble() > (*known)[2].toDouble())
            *known = words;
    }
}

int runRounds()
{
    const QTemporaryDir folder;
    QProcess server;
    QByteArray url;
    start(server, {QStringLiteral("--serve"), folder.path()}, url);
    std::vector<double> filled;
    std::vector<double> empty;
    std::vector<QList<QByteArray>> phases;
    for (int round = 0; round < rounds; ++round) {
        QByteArray line;
        QProcess nothing;
        empty.push_back(start(nothing, {QStringLiteral("--nothing")}, line));
        nothing.waitForFinished();
        QProcess console;
        filled.push_back(
            start(console, {QStringLiteral("--browse"), folder.path(), QString::fromLatin1(url)}, line));
        BILLING_ASSERT(console.waitForFinished(120'000) && console.exitCode() == 0);
        keepLongest(phases, console.readAll());
    }
    server.kill();
    server.waitForFinished();
    tellFigures(phases, filled, empty);
    return 0;
}

} // namespace

int main(int argc, char** argv)
{
    if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM") && !qEnvironmentVariableIsSet("DISPLAY") &&
        !qEnvironmentVariableIsSet("WAYLAND_DISPLAY"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    MeasuredApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    const QString mode = arguments.value(1);
    if (mode == QStringLiteral("--serve"))
        return serve(application, arguments.value(2));
    if (mode == QStringLiteral("--browse"))
        return browse(application, arguments.value(2), QUrl(arguments.value(3)));
    if (mode == QStringLiteral("--nothing"))
        return showNothing(application);
    return runRounds();
}
