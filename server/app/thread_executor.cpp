#include "server/app/thread_executor.h"

#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

namespace billing {

ThreadExecutor::ThreadExecutor(std::string name, int threads, Urgency urgency)
{
    for (int i = 0; i < threads; ++i)
        m_threads.emplace_back([this, name, urgency] {
            pthread_setname_np(pthread_self(), name.substr(0, 15).c_str());
            if (urgency ==
                Urgency::Background) // on Linux niceness is a thread's own; refused, it stays usual
                setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), 10);
            work();
        });
}

ThreadExecutor::~ThreadExecutor()
{
    stop();
}

void ThreadExecutor::post(Task task)
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_stopping)
            return;
        m_tasks.push_back(std::move(task));
    }
    m_changed.notify_one();
}

void ThreadExecutor::postAfter(Duration delay, Task task)
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_stopping)
            return;
        m_later.push({std::chrono::steady_clock::now() + delay, ++m_order, std::move(task)});
    }
    m_changed.notify_one();
}

void ThreadExecutor::stop()
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_stopping)
            return;
        m_stopping = true;
    }
    m_changed.notify_all();
    for (std::thread& thread : m_threads)
        thread.join();
}

void ThreadExecutor::takeDue(Time now)
{
    while (!m_later.empty() && m_later.top().due <= now) {
        m_tasks.push_back(
            std::move(const_cast<Later&>(m_later.top()).task)); // popped at once: its order is not read again
        m_later.pop();
    }
}

void ThreadExecutor::work()
{
    std::unique_lock lock(m_mutex);
    while (true) {
        takeDue(std::chrono::steady_clock::now());
        if (!m_tasks.empty()) {
            Task task = std::move(m_tasks.front());
            m_tasks.pop_front();
            lock.unlock();
            task();
            task = nullptr; // what it holds is released without the lock
            lock.lock();
        } else if (m_stopping) {
            return;
        } else if (m_later.empty()) {
            m_changed.wait(lock);
        } else {
            const Time due = m_later.top().due; // a copy: the heap may move while the lock is open
            m_changed.wait_until(lock, due);
        }
    }
}

} // namespace billing
