// Accepts usage: puts validated events of a request into the journal and answers only when they are
// committed. Many requests share one transaction (group commit): while one is being written, the next ones
// gather, so throughput rises with load and a lone request waits for nobody. At most one commit task runs at
// a time on the executor.
#pragma once

#include "server/storage/idempotency.h"
#include "server/storage/journal.h"
#include "shared/kernel/id_factory.h"
#include "shared/kernel/ports.h"
#include "shared/model/usage_event.h"

#include <atomic>
#include <mutex>
#include <vector>

namespace billing {

struct IntakeOptions
{
    std::int64_t backlogEvents = 2'000'000; ///< waiting events above which new ones are refused
    std::size_t groupRows = 1'024;          ///< requests in one transaction, at most
    std::size_t groupEvents =
        20'000; ///< events in one transaction, at most (one request may exceed it alone)
};

/// The answer that is kept, with the journal row, for a request that named an idempotency key.
struct KeyedAnswer
{
    storage::AnswerKey key;
    /// Called inside the transaction, perhaps more than once.
    std::function<storage::KeptAnswer(JournalPosition)> answer;
};

class Intake
{
public:
    using Done = std::function<void(Result<JournalPosition>)>;
    using Committed = std::function<void(JournalPosition upTo)>;

    struct Ports
    {
        Storage& storage;
        const Clock& clock;
        IdFactory& ids;
        Executor& executor;
    };

    /// committed is told after each transaction, before the answers go out.
    Intake(Ports ports, IntakeOptions options, Committed committed);

    /// Counts what a former process left waiting. Once, before the first submit. Refuses as storage.
    Result<void> start();

    /// Takes a request's events (at least one) and calls done once, from the executor's thread, when they are
    /// committed or storage refused. Refuses BacklogFull at once, without calling done. Any thread.
    Result<void> submit(std::vector<UsageEvent> events, Done done);
    /// The same, once for its key: when the key has an answer, nothing is written and done gets
    /// IdempotencyKeyInFlight.
    Result<void> submit(std::vector<UsageEvent> events, KeyedAnswer keyed, Done done);

    /// Metering has settled that many events.
    void settled(std::int64_t events);
    std::int64_t waitingEvents() const noexcept { return m_waiting.load(std::memory_order_relaxed); }

private:
    struct Submission
    {
        std::vector<UsageEvent> events;
        Instant receivedAt;
        Done done;
        std::optional<KeyedAnswer> keyed;
    };
    /// A row's position, or nothing for a submission whose key has an answer.
    using Positions = std::vector<std::optional<JournalPosition>>;

    Result<void> enqueue(Submission submission);
    static Result<Positions> append(Work& work, const std::vector<Submission>& group,
                                    const std::vector<storage::NewJournalRow>& rows);
    Result<Positions> write(const std::vector<Submission>& group);
    void commitGroups();
    std::vector<Submission> takeGroup();
    void commit(std::vector<Submission> group);

    Ports m_ports;
    IntakeOptions m_options;
    Committed m_committed;
    std::atomic<std::int64_t> m_waiting = 0;
    std::mutex m_mutex;
    std::vector<Submission> m_queue;
    bool m_running = false;
};

} // namespace billing
