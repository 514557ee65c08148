// One thread behind the Executor port: tasks run in the order posted and never overlap. The destructor lets
// what was posted finish, forgets what was for later, and joins.
#pragma once

#include "shared/kernel/ports.h"

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>

namespace billing::console {

class WorkerExecutor final : public Executor
{
public:
    /// The name is what tools such as top show, at most 15 characters.
    explicit WorkerExecutor(const char* name);
    ~WorkerExecutor() override;
    WorkerExecutor(const WorkerExecutor&) = delete;
    WorkerExecutor& operator=(const WorkerExecutor&) = delete;

    void post(Task task) override;
    void postAfter(Duration delay, Task task) override;

private:
    using Time = std::chrono::steady_clock::time_point;

    void work();

    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<Task> m_tasks;
    std::multimap<Time, Task> m_later;
    bool m_stopping = false;
    std::thread m_thread;
};

} // namespace billing::console
