#include "console/app/worker_executor.h"

#include <pthread.h>

namespace billing::console {

WorkerExecutor::WorkerExecutor(const char* name)
    : m_thread([this, name] {
        pthread_setname_np(pthread_self(), name);
        work();
    })
{
}

WorkerExecutor::~WorkerExecutor()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
    }
    m_changed.notify_one();
    m_thread.join();
}

void WorkerExecutor::post(Task task)
{
    {
        const std::lock_guard lock(m_mutex);
        m_tasks.push_back(std::move(task));
    }
    m_changed.notify_one();
}

void WorkerExecutor::postAfter(Duration delay, Task task)
{
    {
        const std::lock_guard lock(m_mutex);
        m_later.emplace(std::chrono::steady_clock::now() + delay, std::move(task));
    }
    m_changed.notify_one();
}

void WorkerExecutor::work()
{
    std::unique_lock lock(m_mutex);
    while (true) {
        while (!m_later.empty() && m_later.begin()->first <= std::chrono::steady_clock::now()) {
            m_tasks.push_back(std::move(m_later.begin()->second));
            m_later.erase(m_later.begin());
        }
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
            const Time due = m_later.begin()->first; // a copy: the map may change while the lock is open
            m_changed.wait_until(lock, due);
        }
    }
}

} // namespace billing::console
