#include "console/screens/invoices/printing.h"

#include "console/widgets/answer_to.h"
#include "console/widgets/print_pages.h"

#include <QPrintDialog>
#include <QPrinter>

namespace billing::console {

namespace {

constexpr int lookMs = 100;

} // namespace

Printing::Printing(Executor& worker, QWidget& window)
    : QObject(&window)
    , m_worker(worker)
    , m_window(window)
{
    m_looks.setInterval(lookMs);
    connect(&m_looks, &QTimer::timeout, this, [this] {
        if (m_waiting && m_progress)
            m_waiting->advance(m_progress->printed, m_progress->pages);
    });
    connect(&m_snapshots, &Snapshots::progressed, this, [this](int done, int total) {
        if (m_waiting)
            m_waiting->advance(done, total);
    });
    connect(&m_snapshots, &Snapshots::ready, this, &Printing::open);
    connect(&m_snapshots, &Snapshots::refused, this, &Printing::tell);
}

Printing::~Printing()
{
    cancel();
}

void Printing::begin(client::BillingApi* api, std::vector<InvoiceId> ids, Way way)
{
    const bool isBusy = m_waiting || m_preview || m_dialog;
    if (ids.empty() || isBusy) // one at a time: a second press of the key does nothing
        return;
    m_way = way;
    startWaiting(tr("Reading %n invoice(s)", nullptr, static_cast<int>(ids.size())));
    m_snapshots.read(api, std::move(ids));
}

void Printing::cancel()
{
    m_snapshots.cancel();
    if (m_progress)
        std::exchange(m_progress, nullptr)->wanted = false;
    delete m_dialog;
    delete m_preview;
    m_printer = nullptr; // after the dialog that knows it
    endWaiting();
}

void Printing::startWaiting(const QString& text)
{
    endWaiting();
    m_waiting = new WaitingDialog(text, &m_window);
    connect(m_waiting, &WaitingDialog::cancelled, this, &Printing::cancel);
}

void Printing::endWaiting()
{
    m_looks.stop();
    if (m_waiting) {
        m_waiting->disconnect(this);
        m_waiting->hide();
        m_waiting->deleteLater(); // it may be what called
        m_waiting = nullptr;
    }
}

void Printing::tell(const Error& error)
{
    endWaiting();
    if (error.code != ErrorCode::Cancelled)
        Q_EMIT refused(error);
}

void Printing::open(const Snapshots::Read& invoices)
{
    if (m_way == Way::Dialog)
        return openPrinter(invoices, paperOf(invoices));
    endWaiting();
    openPreview(invoices);
}

void Printing::openPreview(const Snapshots::Read& invoices)
{
    m_preview = new PrintPreview(m_worker, invoices, &m_window);
    m_preview->setAttribute(Qt::WA_DeleteOnClose);
    connect(m_preview, &PrintPreview::printWanted, this, [this, invoices] {
        if (!m_dialog)
            openPrinter(invoices, m_preview->sheet());
    });
    m_preview->open();
}

void Printing::openPrinter(const Snapshots::Read& invoices, const QPageSize& paper)
{
    m_printer = std::make_shared<QPrinter>(QPrinter::HighResolution);
    m_printer->setPageSize(paper);
    m_printer->setDocName(titleOf(invoices));
    // The first printer and the first dialog load what the desktop has for them: an event each.
    QTimer::singleShot(0, this, [this, invoices, printer = m_printer] {
        if (m_printer == printer)
            openDialog(invoices);
    });
}

void Printing::openDialog(const Snapshots::Read& invoices)
{
    endWaiting();
    auto* before = m_preview ? static_cast<QWidget*>(m_preview) : &m_window;
    m_dialog = new QPrintDialog(m_printer.get(), before);
    m_dialog->setAttribute(Qt::WA_DeleteOnClose);
    m_dialog->setOption(QAbstractPrintDialog::PrintPageRange);
    m_dialog->setOption(QAbstractPrintDialog::PrintToFile);
    connect(m_dialog, qOverload<QPrinter*>(&QPrintDialog::accepted), this,
            [this, invoices] { print(invoices); });
    m_dialog->open();
}

void Printing::print(const Snapshots::Read& invoices)
{
    if (m_preview)
        m_preview->close();
    startWaiting(tr("Printing %n invoice(s)", nullptr, static_cast<int>(invoices.size())));
    m_progress = std::make_shared<Progress>();
    m_looks.start();
    const GoOn goOn = [progress = m_progress](int printed, int pages) {
        progress->printed = printed;
        progress->pages = pages;
        return progress->wanted.load();
    };
    // The printer goes along: nobody else touches it until the answer is here.
    m_worker.post([self = QPointer(this), printer = m_printer, progress = m_progress, goOn, invoices] {
        const Result<void> done = printInvoices(*printer, invoices, goOn);
        answerTo(
            self, [done, printer, progress, count = static_cast<int>(invoices.size())](Printing& printing) {
                if (printing.m_progress != progress) // given up: what is waited for now is something else
                    return;
                printing.endWaiting();
                if (done)
                    Q_EMIT printing.printed(count);
                else
                    printing.tell(done.error());
            });
    });
}

} // namespace billing::console
