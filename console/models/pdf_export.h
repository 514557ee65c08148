// Stored PDFs into a folder, one or many: four on their way at a time, in the order given, with progress, the
// failures by name, and cancel. A file appears under its name only when it is whole (QSaveFile), so neither a
// cancel nor a crash leaves half of one. Nothing of the user's is overwritten: a file of that name with the
// same bytes counts as already there, one with other bytes makes ours "EB-2023-000017 (2).pdf". One
// document's failure does not stop the others. Files are compared and written on `disk`, so that a slow one
// does not hold up the GUI thread. GUI thread; `disk` outlives the export.
#pragma once

#include "console/models/pdf_files.h"
#include "shared/client/billing_api.h"
#include "shared/client/mailbox.h"
#include "shared/kernel/ports.h"

#include <QPointer>
#include <QString>

#include <memory>
#include <vector>

namespace billing::console {

struct ExportItem
{
    InvoiceId id;
    QString name; ///< what people call it: the number; made safe, ".pdf" is added
};

struct ExportFailure
{
    InvoiceId id;
    QString name;
    Error error; ///< the server's or the way's, FileUnwritable (subject: the file), StorageFull
};

struct ExportProgress
{
    int total = 0;
    int done = 0;         ///< ended, however
    int written = 0;      ///< of those: new files
    int alreadyThere = 0; ///< of those: same bytes found
    std::vector<ExportFailure> failures = {};
};

class PdfExport : public QObject
{
    Q_OBJECT

public:
    static constexpr int inFlight = 4;

    enum class State
    {
        Idle,
        Running,
        Cancelling, ///< files that are being written at this moment are still finished
        Finished,
        Cancelled
    };
    Q_ENUM(State)

    explicit PdfExport(Executor& disk, QObject* parent = nullptr);
    ~PdfExport() override;

    /// Asserts that none is running. An empty list finishes at once.
    void start(client::BillingApi* api, const QString& folder, std::vector<ExportItem> items);
    void cancel();

    State state() const { return m_state; }
    const ExportProgress& progress() const { return m_progress; }

Q_SIGNALS:
    void progressChanged();
    void stateChanged();

private:
    enum class Stage
    {
        Waiting,
        Fetching,
        Storing,
        Ended
    };

    struct Work
    {
        ExportItem item;
        QString fileName; ///< safe, and unique in this export
        Stage stage = Stage::Waiting;
        client::PendingCall call = {};
    };

    void fill();
    void fetch(std::size_t at);
    void store(std::size_t at, const QByteArray& pdf);
    void end(std::size_t at, const std::optional<Error>& failure);
    void settle();
    void setState(State state);

    Executor& m_disk;
    std::shared_ptr<client::Mailbox> m_mailbox;
    QPointer<client::BillingApi> m_api;
    QString m_folder;
    std::vector<Work> m_works;
    std::size_t m_next = 0;
    int m_running = 0;
    ExportProgress m_progress;
    State m_state = State::Idle;
};

} // namespace billing::console
