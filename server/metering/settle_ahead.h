// Prepares the next rows for settling on another thread while the former are being written. What it holds is
// never late: rows that are settled meanwhile are left out when their turn comes. start() and take() on one
// thread, the settling one.
#pragma once

#include "server/metering/settler.h"

#include <condition_variable>
#include <mutex>

namespace billing {

class SettleAhead
{
public:
    /// Both outlive it, and the executor has ended its task, or will, before it goes.
    SettleAhead(const Settler& settler, Executor& executor);
    ~SettleAhead();
    SettleAhead(const SettleAhead&) = delete;
    SettleAhead& operator=(const SettleAhead&) = delete;

    /// Has rows behind a position prepared, as Settler::prepare. What was prepared before and not taken is
    /// forgotten.
    void start(std::int64_t maxEvents, JournalPosition after);
    /// What was prepared, waiting for it when it has begun; nothing when it has not, or was refused. Once.
    std::optional<WaitingUsage> take();

private:
    enum class State
    {
        Nothing,
        Posted,
        Running,
        Done
    };

    void prepare(std::uint64_t order, std::int64_t maxEvents, JournalPosition after);

    const Settler& m_settler;
    Executor& m_executor;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    State m_state = State::Nothing;
    std::uint64_t m_order = 0; ///< of the last start; a task of an older one does nothing
    std::optional<WaitingUsage> m_prepared;
};

} // namespace billing
