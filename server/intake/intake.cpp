#include "server/intake/intake.h"

#include "server/storage/journal_body.h"

#include <algorithm>
#include <set>

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
    return enqueue({std::move(events), m_ports.clock.now(), std::move(done), {}});
}

Result<void> Intake::submit(std::vector<UsageEvent> events, KeyedAnswer keyed, Done done)
{
    return enqueue({std::move(events), m_ports.clock.now(), std::move(done), std::move(keyed)});
}

Result<void> Intake::enqueue(Submission submission)
{
    BILLING_ASSERT(!submission.events.empty());
    const auto count = static_cast<std::int64_t>(submission.events.size());
    if (m_waiting.fetch_add(count) + count > m_options.backlogEvents) {
        m_waiting -= count;
        return Error{ErrorCode::BacklogFull, "usage", "too much accepted usage waits to be metered"};
    }
    bool idle = false;
    {
        const std::lock_guard lock(m_mutex);
        m_queue.push_back(std::move(submission));
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

Result<Intake::Positions> Intake::append(Work& work, const std::vector<Submission>& group,
                                         const std::vector<storage::NewJournalRow>& rows)
{
    std::set<storage::AnswerKey> keys;
    std::vector<std::size_t> fresh;
    for (std::size_t i = 0; i < group.size(); ++i) {
        if (group[i].keyed) {
            if (!keys.insert(group[i].keyed->key).second) // its copy is in this very group
                continue;
            const auto kept = storage::findKeptAnswer(work, group[i].keyed->key);
            if (!kept)
                return kept.error();
            if (kept->has_value())
                continue;
        }
        fresh.push_back(i);
    }
    Positions positions(group.size());
    if (fresh.empty())
        return positions;
    std::vector<storage::NewJournalRow> some;
    if (fresh.size() < rows.size())
        for (const std::size_t i : fresh)
            some.push_back(rows[i]);
    const auto appended = storage::appendJournal(work, some.empty() ? rows : some);
    if (!appended)
        return appended.error();
    for (std::size_t n = 0; n < fresh.size(); ++n) {
        const Submission& submission = group[fresh[n]];
        positions[fresh[n]] = (*appended)[n];
        if (!submission.keyed)
            continue;
        const auto kept =
            storage::keepAnswer(work, submission.keyed->key, submission.keyed->answer((*appended)[n]));
        if (!kept)
            return kept.error();
    }
    return positions;
}

Result<Intake::Positions> Intake::write(const std::vector<Submission>& group)
{
    std::vector<storage::NewJournalRow> rows;
    rows.reserve(group.size());
    for (const Submission& submission : group)
        rows.push_back({submission.receivedAt, static_cast<std::int64_t>(submission.events.size()),
                        storage::encodeJournalBody(submission.events)});
    // Another server may take a key between our look and our own; the next look sees it.
    constexpr int attempts = 3;
    for (int attempt = 1;; ++attempt) {
        auto positions = writeValue(m_ports.storage, Scope::system("intake"), Priority::Accept,
                                    WorkId(m_ports.ids.next("wrk")),
                                    [&](Work& work) { return append(work, group, rows); });
        if (positions || positions.error().code != ErrorCode::IdempotencyKeyInFlight || attempt == attempts)
            return positions;
    }
}

void Intake::commit(std::vector<Submission> group)
{
    const auto positions = write(group);
    if (positions) {
        const auto last = std::find_if(positions->rbegin(), positions->rend(),
                                       [](const auto& position) { return position.has_value(); });
        if (last != positions->rend())
            m_committed(**last);
    }
    const Error taken{ErrorCode::IdempotencyKeyInFlight, "Idempotency-Key"};
    for (std::size_t i = 0; i < group.size(); ++i) {
        const bool written = positions && (*positions)[i];
        if (!written)
            m_waiting -= static_cast<std::int64_t>(group[i].events.size());
        group[i].done(written     ? Result<JournalPosition>(*(*positions)[i])
                      : positions ? taken
                                  : positions.error());
    }
}

} // namespace billing
