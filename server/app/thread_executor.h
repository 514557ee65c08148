// Threads behind the Executor port: a fixed number of them take tasks in the order posted; tasks posted for
// later wait in a heap. stop() lets what was posted finish, forgets what was for later, and joins. With one
// thread, tasks never overlap.
#pragma once

#include "shared/kernel/ports.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <queue>
#include <string>
#include <thread>
#include <vector>

namespace billing {

enum class Urgency
{
    Usual,
    Background
};

class ThreadExecutor final : public Executor
{
public:
    /// The name is what tools such as top show, at most 15 characters.
    /// Background threads let the others go first when processors are short.
    ThreadExecutor(std::string name, int threads, Urgency urgency = Urgency::Usual);
    ~ThreadExecutor() override;
    ThreadExecutor(const ThreadExecutor&) = delete;
    ThreadExecutor& operator=(const ThreadExecutor&) = delete;

    void post(Task task) override;
    void postAfter(Duration delay, Task task) override;

    /// Once; further posts are forgotten. Not from one of its own tasks.
    void stop();

private:
    using Time = std::chrono::steady_clock::time_point;
    struct Later
    {
        Time due;
        std::uint64_t order;
        Task task;
        friend bool operator<(const Later& a, const Later& b)
        {
            return a.due != b.due ? a.due > b.due : a.order > b.order; // the heap's top is the earliest
        }
    };

    void work();
    void takeDue(Time now);

    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<Task> m_tasks;
    std::priority_queue<Later> m_later;
    std::uint64_t m_order = 0;
    bool m_stopping = false;
    std::vector<std::thread> m_threads;
};

} // namespace billing
