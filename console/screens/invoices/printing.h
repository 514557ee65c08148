// From chosen invoices to paper: their snapshots are read, then the print dialog or the print preview asks,
// then shared/document draws them on the printer, away from the GUI thread. The preview alone is drawn on the
// GUI thread: Qt's dialog wants its pages at once. Cancelling works at every step. GUI thread; `worker`
// outlives it.
#pragma once

#include "console/screens/invoices/snapshots.h"
#include "shared/kernel/ports.h"

#include <QWidget>

#include <atomic>
#include <optional>

class QPrinter;
class QProgressDialog;

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
    void open(const Snapshots::Read& invoices);
    void openDialog(const Snapshots::Read& invoices);
    void openPreview(const Snapshots::Read& invoices);
    void print(const Snapshots::Read& invoices);
    void tell(const Error& error);
    void startProgress(const QString& text, int steps);
    void endProgress();

    Executor& m_worker;
    QWidget& m_window;
    Snapshots m_snapshots;
    Way m_way = Way::Dialog;
    std::shared_ptr<QPrinter> m_printer;
    std::shared_ptr<std::atomic<bool>> m_goOn;
    QPointer<QProgressDialog> m_progress;
    QPointer<QWidget> m_dialog;
};

} // namespace billing::console
