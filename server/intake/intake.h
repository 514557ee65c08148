// Accepts usage: puts validated events of a request into the journal and answers only when they are
// committed. Many requests share one transaction (group commit): while one is being written, the next ones
// gather, so throughput rises with load and a lone request waits for nobody. Two commit tasks take turns on
// the executor: while one writes, or hands out its answers, the other stands in line, and takes all that has
// gathered only when its turn to append has come. So the store never waits for us, and no request that could
// have gone along is left behind.
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

    /// Takes a request's events (at least one) and calls done once, from one of the executor's threads, when
    /// they are committed or storage refused. Refuses BacklogFull at once, without calling done. Any thread.
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
        storage::NewJournalRow row;
        Done done;
        std::optional<KeyedAnswer> keyed;
    };
    using Group = std::vector<Submission>;
    /// A row's position, or nothing for a submission whose key has an answer.
    using Positions = std::vector<std::optional<JournalPosition>>;

    static constexpr int tasksMax = 2;

    Result<void> enqueue(const std::vector<UsageEvent>& events, std::optional<KeyedAnswer> keyed, Done done);
    bool mustStart();
    void startTask();
    void commitGroups();
    Group takeGroup();
    static Result<Positions> append(Work& work, const Group& group);
    Result<Positions> write(Group& group);
    void commitGroup();

    Ports m_ports;
    IntakeOptions m_options;
    Committed m_committed;
    std::atomic<std::int64_t> m_waiting = 0;
    std::mutex m_mutex; ///< guards all below
    std::vector<Submission> m_queue;
    int m_tasks = 0;          ///< posted or running
    bool m_gathering = false; ///< one of them has not taken its group yet
};

} // namespace billing
