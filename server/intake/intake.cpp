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
    return enqueue(events, {}, std::move(done));
}

Result<void> Intake::submit(std::vector<UsageEvent> events, KeyedAnswer keyed, Done done)
{
    return enqueue(events, std::move(keyed), std::move(done));
}

Result<void> Intake::enqueue(const std::vector<UsageEvent>& events, std::optional<KeyedAnswer> keyed,
                             Done done)
{
    BILLING_ASSERT(!events.empty());
    const auto count = static_cast<std::int64_t>(events.size());
    if (m_waiting.fetch_add(count) + count > m_options.backlogEvents) {
        m_waiting -= count;
        return Error{ErrorCode::BacklogFull, "usage", "too much accepted usage waits to be metered"};
    }
    // Encoded here, by whoever submits: the store's turn is for writing only.
    Submission submission{
        {m_ports.clock.now(), count, storage::encodeJournalBody(events)}, std::move(done), std::move(keyed)};
    bool start = false;
    {
        const std::lock_guard lock(m_mutex);
        m_queue.push_back(std::move(submission));
        start = mustStart();
    }
    if (start)
        startTask();
    return {};
}

void Intake::settled(std::int64_t events)
{
    m_waiting -= events;
}

/// Under the lock: counts another task where one is needed to take what waits.
bool Intake::mustStart()
{
    if (m_queue.empty() || m_gathering || m_tasks == tasksMax)
        return false;
    ++m_tasks;
    return m_gathering = true;
}

void Intake::startTask()
{
    m_ports.executor.post([this] { commitGroups(); });
}

void Intake::commitGroups()
{
    for (bool more = true; more;) {
        commitGroup();
        const std::lock_guard lock(m_mutex);
        --m_tasks;
        more = mustStart();
    }
}

/// Of the one task that gathers. Another may gather from now on.
Intake::Group Intake::takeGroup()
{
    Group group;
    bool start = false;
    {
        const std::lock_guard lock(m_mutex);
        std::size_t rows = 0;
        std::int64_t events = 0;
        while (rows < m_queue.size() && rows < m_options.groupRows) {
            events += m_queue[rows].row.eventCount;
            if (rows > 0 && events > static_cast<std::int64_t>(m_options.groupEvents))
                break;
            ++rows;
        }
        const auto end = m_queue.begin() + static_cast<std::ptrdiff_t>(rows);
        group.assign(std::make_move_iterator(m_queue.begin()), std::make_move_iterator(end));
        m_queue.erase(m_queue.begin(), end);
        m_gathering = false;
        start = mustStart();
    }
    if (start)
        startTask();
    BILLING_ASSERT(!group.empty());
    return group;
}

Result<Intake::Positions> Intake::append(Work& work, const Group& group)
{
    std::set<storage::AnswerKey> keys;
    std::vector<std::size_t> fresh;
    std::vector<const storage::NewJournalRow*> rows;
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
        rows.push_back(&group[i].row);
    }
    Positions positions(group.size());
    if (fresh.empty())
        return positions;
    const auto appended = storage::appendInTurn(work, rows);
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

Result<Intake::Positions> Intake::write(Group& group)
{
    // Another server may take a key between our look and our own; the next look sees it.
    constexpr int attempts = 3;
    for (int attempt = 1;; ++attempt) {
        auto positions =
            writeValue(m_ports.storage, Scope::system("intake"), Priority::Accept,
                       WorkId(m_ports.ids.next("wrk")), [&](Work& work) -> Result<Positions> {
                           if (const auto turn = storage::waitToAppend(work); !turn)
                               return turn.error();
                           if (group.empty()) // what was taken stays ours when this has to run again
                               group = takeGroup();
                           return append(work, group);
                       });
        if (positions || positions.error().code != ErrorCode::IdempotencyKeyInFlight || attempt == attempts)
            return positions;
    }
}

void Intake::commitGroup()
{
    Group group;
    const auto positions = write(group);
    if (group.empty()) // refused before its turn came
        group = takeGroup();
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
            m_waiting -= group[i].row.eventCount;
        group[i].done(written     ? Result<JournalPosition>(*(*positions)[i])
                      : positions ? taken
                                  : positions.error());
    }
}

} // namespace billing
