#include "server/intake/intake.h"

#include "server/storage/journal.h"
#include "server/storage/journal_body.h"

namespace billing {

Intake::Intake(Ports ports, IntakeOptions options, Committed committed)
    : m_ports(ports)
    , m_options(options)
    , m_committed(std::move(committed))
{
}

Result<void> Intake::start()
{
    const auto waiting = readValue(m_ports.storage, Scope::system("intake"),
                                   [](Work& work) { return storage::backlog(work); });
    if (!waiting)
        return waiting.error();
    m_waiting = waiting->events;
    return {};
}

Result<void> Intake::submit(std::vector<UsageEvent> events, Done done)
{
    BILLING_ASSERT(!events.empty());
    const auto count = static_cast<std::int64_t>(events.size());
    if (m_waiting.fetch_add(count) + count > m_options.backlogEvents) {
        m_waiting -= count;
        return Error{ErrorCode::BacklogFull, "usage", "too much accepted usage waits to be metered"};
    }
    bool idle = false;
    {
        const std::lock_guard lock(m_mutex);
        m_queue.push_back({std::move(events), m_ports.clock.now(), std::move(done)});
        idle = !std::exchange(m_running, true);
    }
    if (idle)
        m_ports.executor.post([this] { commitGroups(); });
    return {};
}

void Intake::settled(std::int64_t events)
{
    m_waiting -= events;
}

void Intake::commitGroups()
{
    for (auto group = takeGroup(); !group.empty(); group = takeGroup())
        commit(std::move(group));
}

std::vector<Intake::Submission> Intake::takeGroup()
{
    const std::lock_guard lock(m_mutex);
    std::size_t rows = 0;
    std::size_t events = 0;
    while (rows < m_queue.size() && rows < m_options.groupRows) {
        events += m_queue[rows].events.size();
        if (rows > 0 && events > m_options.groupEvents)
            break;
        ++rows;
    }
    const auto end = m_queue.begin() + static_cast<std::ptrdiff_t>(rows);
    std::vector<Submission> group(std::make_move_iterator(m_queue.begin()), std::make_move_iterator(end));
    m_queue.erase(m_queue.begin(), end);
    m_running = !group.empty();
    return group;
}

void Intake::commit(std::vector<Submission> group)
{
    std::vector<storage::NewJournalRow> rows;
    rows.reserve(group.size());
    for (const Submission& submission : group)
        rows.push_back({submission.receivedAt, static_cast<std::int64_t>(submission.events.size()),
                        storage::encodeJournalBody(submission.events)});

    const auto positions = writeValue(m_ports.storage, Scope::system("intake"), Priority::Accept,
                                      WorkId(m_ports.ids.next("wrk")),
                                      [&](Work& work) { return storage::appendJournal(work, rows); });
    if (positions) {
        m_committed(positions->back());
    } else {
        for (const Submission& submission : group)
            m_waiting -= static_cast<std::int64_t>(submission.events.size());
    }
    for (std::size_t i = 0; i < group.size(); ++i)
        group[i].done(positions ? Result<JournalPosition>((*positions)[i]) : positions.error());
}

} // namespace billing
