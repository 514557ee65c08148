// One thread that runs tasks in order, as the console's program has for decoding and for files. Delayed tasks
// are not part of it. Joins when it goes; tasks that wait then are dropped.
#pragma once

#include "shared/kernel/ports.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace billing::test {

class Background final : public Executor
{
public:
    Background();
    ~Background() override;

    void post(Task task) override;
    void postAfter(Duration delay, Task task) override; ///< asserts: nobody asks for it

private:
    void run();

    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<Task> m_tasks;
    bool m_stopping = false;
    std::thread m_thread;
};

} // namespace billing::test
