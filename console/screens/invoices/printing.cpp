#include "console/screens/invoices/printing.h"

#include "console/widgets/answer_to.h"
#include "console/widgets/print_pages.h"
#include "console/widgets/tokens.h"

#include <QPrintDialog>
#include <QPrintPreviewDialog>
#include <QPrinter>
#include <QProgressDialog>

namespace billing::console {

namespace {

constexpr int unseenMs = 400; ///< shorter work shows no progress

QPageSize paperOf(const Invoice& invoice)
{
    return QPageSize(invoice.buyer.country == "US" ? QPageSize::Letter : QPageSize::A4);
}

} // namespace

Printing::Printing(Executor& worker, QWidget& window)
    : QObject(&window)
    , m_worker(worker)
    , m_window(window)
{
    connect(&m_snapshots, &Snapshots::progressed, this, [this](int done, int) {
        if (m_progress)
            m_progress->setValue(done);
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
    if (ids.empty() || m_dialog || m_progress) // one at a time: a second press of the key does nothing
        return;
    m_way = way;
    startProgress(tr("Reading %n invoice(s)…", nullptr, static_cast<int>(ids.size())),
                  static_cast<int>(ids.size()));
    m_snapshots.read(api, std::move(ids));
}

void Printing::cancel()
{
    m_snapshots.cancel();
    if (m_goOn)
        *m_goOn = false;
    delete m_dialog;
    endProgress();
}

void Printing::startProgress(const QString& text, int steps)
{
    endProgress();
    m_progress = new QProgressDialog(text, tr("&Cancel"), 0, steps, &m_window);
    m_progress->setWindowModality(Qt::WindowModal);
    m_progress->setMinimumDuration(unseenMs);
    m_progress->setAutoClose(false);
    m_progress->setAutoReset(false);
    connect(m_progress, &QProgressDialog::canceled, this, &Printing::cancel);
}

void Printing::endProgress()
{
    if (m_progress) {
        m_progress->disconnect(this);
        m_progress->deleteLater();
        m_progress = nullptr;
    }
}

void Printing::tell(const Error& error)
{
    endProgress();
    if (error.code != ErrorCode::Cancelled)
        Q_EMIT refused(error);
}

void Printing::open(const Snapshots::Read& invoices)
{
    endProgress();
    m_printer = std::make_shared<QPrinter>(QPrinter::HighResolution);
    m_printer->setPageSize(paperOf(*invoices.front()));
    m_printer->setDocName(invoices.size() == 1 && invoices.front()->number
                              ? QString::fromUtf8(invoices.front()->number->c_str())
                              : tr("%n invoice(s)", nullptr, static_cast<int>(invoices.size())));
    if (m_way == Way::Preview)
        openPreview(invoices);
    else
        openDialog(invoices);
}

void Printing::openDialog(const Snapshots::Read& invoices)
{
    auto* dialog = new QPrintDialog(m_printer.get(), &m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setOption(QAbstractPrintDialog::PrintPageRange);
    dialog->setOption(QAbstractPrintDialog::PrintToFile);
    connect(dialog, qOverload<QPrinter*>(&QPrintDialog::accepted), this,
            [this, invoices] { print(invoices); });
    m_dialog = dialog;
    dialog->open();
}

void Printing::openPreview(const Snapshots::Read& invoices)
{
    auto* dialog = new QPrintPreviewDialog(m_printer.get(), &m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Print Preview"));
    dialog->resize(m_window.window()->size() * 0.8);
    connect(dialog, &QPrintPreviewDialog::paintRequested, this, [this, invoices](QPrinter* printer) {
        if (const Result<void> drawn = printInvoices(*printer, invoices); !drawn)
            tell(drawn.error());
    });
    m_dialog = dialog;
    dialog->open();
}

void Printing::print(const Snapshots::Read& invoices)
{
    startProgress(tr("Printing…"), 0);
    m_goOn = std::make_shared<std::atomic<bool>>(true);
    // The printer goes along: nobody else touches it until the answer is here.
    m_worker.post([self = QPointer(this), printer = m_printer, goOn = m_goOn, invoices] {
        const Result<void> done = printInvoices(*printer, invoices, [goOn] { return goOn->load(); });
        answerTo(self, [done, printer, count = static_cast<int>(invoices.size())](Printing& printing) {
            printing.endProgress();
            if (done)
                Q_EMIT printing.printed(count);
            else
                printing.tell(done.error());
        });
    });
}

} // namespace billing::console
