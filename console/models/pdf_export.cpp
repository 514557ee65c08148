#include "console/models/pdf_export.h"

#include "shared/kernel/assert.h"

namespace billing::console {

PdfExport::PdfExport(Executor& disk, QObject* parent)
    : QObject(parent)
    , m_disk(disk)
    , m_mailbox(std::make_shared<client::Mailbox>(this))
{
}

PdfExport::~PdfExport()
{
    m_mailbox->close();
    for (const Work& work : m_works)
        work.call.cancel();
}

void PdfExport::start(client::BillingApi* api, const QString& folder, std::vector<ExportItem> items)
{
    BILLING_ASSERT(m_state != State::Running && m_state != State::Cancelling);
    m_api = api;
    m_folder = folder;
    m_works.clear();
    m_next = 0;
    m_progress = {.total = static_cast<int>(items.size())};
    std::vector<QString> names;
    for (const ExportItem& item : items)
        names.push_back(item.name);
    names = uniqueFileNames(names);
    for (std::size_t at = 0; at < items.size(); ++at)
        m_works.push_back({std::move(items[at]), names[at]});
    setState(State::Running);
    Q_EMIT progressChanged();
    fill();
    settle();
}

void PdfExport::fill()
{
    while (m_state == State::Running && m_running < inFlight && m_next < m_works.size())
        fetch(m_next++);
}

void PdfExport::fetch(std::size_t at)
{
    Work& work = m_works[at];
    ++m_running;
    work.stage = Stage::Fetching;
    if (!m_api) {
        end(at, Error{ErrorCode::Offline, {}, "signed out"});
        return;
    }
    work.call = m_api->invoicePdf(work.item.id, this, [this, at](const Result<QByteArray>& pdf) {
        if (pdf)
            store(at, *pdf);
        else
            end(at, pdf.error());
        fill();
        settle();
    });
}

void PdfExport::store(std::size_t at, const QByteArray& pdf)
{
    m_works[at].stage = Stage::Storing;
    m_disk.post([this, mailbox = m_mailbox, at, folder = m_folder, name = m_works[at].fileName, pdf] {
        const Result<StoredAs> stored = storePdf(folder, name, pdf);
        mailbox->post([this, at, stored] { // on our thread, while we are there
            if (stored)
                ++(*stored == StoredAs::Written ? m_progress.written : m_progress.alreadyThere);
            end(at, stored ? std::nullopt : std::optional(stored.error()));
            fill();
            settle();
        });
    });
}

void PdfExport::end(std::size_t at, const std::optional<Error>& failure)
{
    Work& work = m_works[at];
    work.stage = Stage::Ended;
    --m_running;
    ++m_progress.done;
    if (failure)
        m_progress.failures.push_back({work.item.id, work.item.name, *failure});
    Q_EMIT progressChanged();
}

void PdfExport::cancel()
{
    if (m_state != State::Running)
        return;
    setState(State::Cancelling);
    for (Work& work : m_works)
        if (work.stage == Stage::Fetching) {
            work.call.cancel();
            work.stage = Stage::Waiting;
            --m_running;
        }
    settle();
}

void PdfExport::settle()
{
    if (m_running > 0)
        return;
    if (m_state == State::Cancelling)
        setState(State::Cancelled);
    else if (m_state == State::Running && m_next == m_works.size())
        setState(State::Finished);
}

void PdfExport::setState(State state)
{
    if (m_state == state)
        return;
    m_state = state;
    Q_EMIT stateChanged();
}

} // namespace billing::console
