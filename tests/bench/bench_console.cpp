// How soon the console's list is filled, and how long its GUI thread is ever busy with one event, against a
// server of 1,000,000 invoices in a process of its own, over TLS on loopback: without a window, so what a
// window adds is not in here. Each round is a new process: from its start to the first page in the model;
// then it reads 50 pages on, refreshes, opens an invoice of 2,000 lines and exports 100 PDFs. Prints one JSON
// line per figure; the limit is an empty program's start in the same run. `cpu` is the thread's own time: on
// a busy machine the wall clock also counts other programs.
#include "console/models/invoice_document.h"
#include "console/models/invoice_list_model.h"
#include "console/models/pdf_export.h"
#include "console/models/session.h"
#include "shared/wire/invoice_json.h"
#include "tests/console/models/fake_api.h"
#include "tests/shared/client/background.h"
#include "tests/shared/client/hostile_server.h"
#include "tests/shared/document/sample_invoices.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>

#include <algorithm>
#include <cstdio>
#include <ctime>

namespace {

using namespace billing;
using namespace billing::console;

constexpr int invoices = 1'000'000;
constexpr int rounds = 5;

double threadMilliseconds()
{
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

/// Measures every event that is delivered; those delivered inside another count with it.
class MeasuredApplication : public QCoreApplication
{
public:
    using QCoreApplication::QCoreApplication;

    double longestWall = 0;
    double longestCpu = 0;

    bool notify(QObject* receiver, QEvent* event) override
    {
        const bool isOutermost = m_depth++ == 0;
        const double cpu = isOutermost ? threadMilliseconds() : 0;
        QElapsedTimer wall;
        wall.start();
        const bool taken = QCoreApplication::notify(receiver, event);
        --m_depth;
        if (isOutermost) {
            longestWall = std::max(longestWall, static_cast<double>(wall.nsecsElapsed()) / 1e6);
            longestCpu = std::max(longestCpu, threadMilliseconds() - cpu);
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
    const QByteArray invoice = QByteArray::fromStdString(wire::encodeInvoice(test::invoiceWithLines(2'000)));
    const QByteArray json("application/json");
    const test::HostileServer server(
        test::serverTls(authority.issue(), authority.certificate()),
        [&](QSslSocket& socket, const test::SeenRequest& request) {
            if (request.target.startsWith("/api/v1/invoices?"))
                socket.write(test::httpAnswer(200, json, page(request.target)));
            else if (request.target.endsWith("/pdf"))
                socket.write(test::httpAnswer(200, "application/pdf", "%PDF-" + QByteArray(40'000, 'x')));
            else if (request.target.startsWith("/api/v1/invoices/"))
                socket.write(test::httpAnswer(200, json, invoice));
            else
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

/// What a person does first. Says "filled" at the first page, and at the end how long an event took at most.
int browse(MeasuredApplication& application, const QString& folder, const QUrl& url)
{
    test::Background background;
    Session session(background);
    InvoiceListModel model;
    InvoiceDocument document;
    QObject::connect(&session, &Session::apiChanged, &model, [&] {
        model.setApi(session.api());
        document.setApi(session.api());
    });
    session.signIn({url,
                    folder + QStringLiteral("/console.crt"),
                    folder + QStringLiteral("/console.key"),
                    folder + QStringLiteral("/ca.crt"),
                    {{}, Secret("e30.e30.e30")}});
    runUntil([&] { return model.state() == ListState::Ready; });
    std::printf("filled\n");
    std::fflush(stdout);
    for (int pages = 2; pages <= 50; ++pages) {
        model.fetchMore({});
        runUntil([&] { return model.rowCount() == pages * 100; });
    }
    model.refresh();
    runUntil([&] { return !model.isFetching(); });
    document.open(test::invoiceWithLines(2'000).id);
    runUntil([&] { return document.state() != ListState::Loading; });
    BILLING_ASSERT(document.invoice() != nullptr);
    PdfExport files(background);
    std::vector<ExportItem> items;
    for (int i = 0; i < 100; ++i)
        items.push_back({test::summaryOf(i).id, QStringLiteral("EB-%1").arg(i)});
    const QTemporaryDir target;
    files.start(session.api(), target.path(), std::move(items));
    runUntil([&] { return files.state() == PdfExport::State::Finished; });
    BILLING_ASSERT(files.progress().written == 100);
    std::printf("%.3f %.3f\n", application.longestWall, application.longestCpu);
    return 0;
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

int measure()
{
    const QTemporaryDir folder;
    QProcess server;
    QByteArray url;
    start(server, {QStringLiteral("--serve"), folder.path()}, url);
    std::vector<double> filled;
    std::vector<double> empty;
    double wall = 0;
    double cpu = 0;
    for (int round = 0; round < rounds; ++round) {
        QByteArray line;
        QProcess nothing;
        empty.push_back(start(nothing, {QStringLiteral("--nothing")}, line));
        nothing.waitForFinished();
        QProcess console;
        filled.push_back(
            start(console, {QStringLiteral("--browse"), folder.path(), QString::fromLatin1(url)}, line));
        BILLING_ASSERT(console.waitForFinished(120'000) && console.exitCode() == 0);
        const QList<QByteArray> longest = console.readAll().trimmed().split(' ');
        wall = std::max(wall, longest.value(0).toDouble());
        cpu = std::max(cpu, longest.value(1).toDouble());
    }
    server.kill();
    server.waitForFinished();
    std::printf("{\"bench\":\"console_first_list\",\"invoices\":%d,\"median_ms\":%.1f,\"target_ms\":1000}\n",
                invoices, median(filled));
    std::printf("{\"bench\":\"console_longest_event\",\"wall_ms\":%.2f,\"cpu_ms\":%.2f,\"target_ms\":16}\n",
                wall, cpu);
    std::printf("{\"bench\":\"console_limit_empty_program\",\"median_ms\":%.1f}\n", median(empty));
    return 0;
}

} // namespace

int main(int argc, char** argv)
{
    MeasuredApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    const QString mode = arguments.value(1);
    if (mode == QStringLiteral("--serve"))
        return serve(application, arguments.value(2));
    if (mode == QStringLiteral("--browse"))
        return browse(application, arguments.value(2), QUrl(arguments.value(3)));
    if (mode == QStringLiteral("--nothing"))
        return std::printf("nothing\n") > 0 ? 0 : 1;
    return measure();
}
