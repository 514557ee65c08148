#include "tests/shared/client/background.h"

#include "shared/kernel/assert.h"

namespace billing::test {

Background::Background()
    : m_thread([this] { run(); })
{
}

Background::~Background()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
    }
    m_changed.notify_one();
    m_thread.join();
}

void Background::post(Task task)
{
    {
        const std::lock_guard lock(m_mutex);
        m_tasks.push_back(std::move(task));
    }
    m_changed.notify_one();
}

void Background::postAfter(Duration, Task)
{
    BILLING_ASSERT(false);
}

void Background::run()
{
    for (;;) {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [this] { return m_stopping || !m_tasks.empty(); });
        if (m_stopping)
            return;
        const Task task = std::move(m_tasks.front());
        m_tasks.pop_front();
        lock.unlock();
        task();
    }
}

} // namespace billing::test
