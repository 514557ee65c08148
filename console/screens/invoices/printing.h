// From chosen invoices to paper: their snapshots are read, then the preview or the print dialog asks, then
// shared/document draws them on the printer, away from the GUI thread. A printer is only opened when somebody
// is about to print. Cancelling works at every step. GUI thread; `worker` outlives it.
#pragma once

#include "console/screens/invoices/print_preview.h"
#include "console/screens/invoices/snapshots.h"
#include "console/widgets/waiting_dialog.h"
#include "shared/kernel/ports.h"

#include <atomic>

class QPrintDialog;
class QPrinter;

namespace billing::console {

class Printing : public QObject
{
    Q_OBJECT

public:
    enum class Way
    {
        Dialog, ///< Print…
        Preview ///< Print Preview…
    };

    /// The window is what dialogs stand before.
    Printing(Executor& worker, QWidget& window);
    ~Printing() override;

    void begin(client::BillingApi* api, std::vector<InvoiceId> ids, Way way);
    /// Dialogs are closed, a print under way ends after its page.
    void cancel();

Q_SIGNALS:
    void printed(int invoices);
    void refused(const billing::Error& error);

private:
    /// What both threads know of a print under way.
    struct Progress
    {
        std::atomic<bool> wanted = true;
        std::atomic<int> printed = 0;
        std::atomic<int> pages = 0;
    };

    void open(const Snapshots::Read& invoices);
    void openPreview(const Snapshots::Read& invoices);
    void openPrinter(const Snapshots::Read& invoices, const QPageSize& paper);
    void openDialog(const Snapshots::Read& invoices);
    void print(const Snapshots::Read& invoices);
    void tell(const Error& error);
    void startWaiting(const QString& text);
    void endWaiting();

    Executor& m_worker;
    QWidget& m_window;
    Snapshots m_snapshots;
    Way m_way = Way::Dialog;
    std::shared_ptr<QPrinter>
        m_printer; ///< another one, or none: the dialog for the one before is not wanted
    std::shared_ptr<Progress> m_progress;
    QTimer m_looks; ///< at the progress
    QPointer<WaitingDialog> m_waiting;
    QPointer<PrintPreview> m_preview;
    QPointer<QPrintDialog> m_dialog;
};

} // namespace billing::console
