// An executor without threads: tasks wait in a queue until the test runs them on its own thread, delayed ones
// until the manual clock has reached their moment. The order is fixed: by due time, then by the order of
// posting. Posting is allowed from any thread and from a running task; running belongs to one thread.
#pragma once

#include "tests/support/manual_clock.h"

#include <map>
#include <mutex>
#include <optional>

namespace billing::test {

class InlineExecutor final : public Executor
{
public:
    explicit InlineExecutor(ManualClock& clock);

    void post(Task task) override;
    void postAfter(Duration delay, Task task) override;

    /// Runs what is due now, and what that posts, until nothing is due. Returns how many tasks ran. Asserts
    /// that it ends: a task that reposts itself without a delay is a mistake.
    std::size_t runUntilIdle();
    /// Moves the clock on by step, stopping at every due moment to run what is due then.
    std::size_t advance(Duration step);
    /// Tasks that wait, due or not.
    std::size_t pending() const;

private:
    std::optional<MonotonicTime> nextDue() const;
    std::optional<Task> takeDue();

    ManualClock& m_clock;
    mutable std::mutex m_mutex;
    std::multimap<MonotonicTime, Task> m_tasks; ///< equal keys keep the order of insertion
};

} // namespace billing::test
