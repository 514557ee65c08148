#include "server/storage/sqlite/write_lanes.h"

namespace billing::sqlite {

bool WriteLanes::runOnWriter(Job& job)
{
    std::unique_lock lock(m_mutex);
    if (!m_isOpen)
        return false;
    m_lanes.at(static_cast<std::size_t>(job.priority)).push_back(&job);
    m_arrived.notify_one();
    job.done.wait(lock, [&job] { return job.isDone; });
    return true;
}

void WriteLanes::open()
{
    const std::lock_guard lock(m_mutex);
    BILLING_ASSERT(!m_isOpen);
    m_isOpen = true;
}

WriteLanes::Job* WriteLanes::pop()
{
    for (auto& lane : m_lanes) {
        if (lane.empty())
            continue;
        Job* job = lane.front();
        lane.pop_front();
        return job;
    }
    return nullptr;
}

WriteLanes::Job* WriteLanes::next()
{
    std::unique_lock lock(m_mutex);
    Job* job = pop();
    while (job == nullptr && !m_isStopping) {
        m_arrived.wait(lock);
        job = pop();
    }
    if (job == nullptr) {
        m_isOpen = false;
        m_isStopping = false;
    }
    return job;
}

void WriteLanes::finish(Job& job, Result<void> outcome)
{
    const std::lock_guard lock(m_mutex);
    job.outcome = std::move(outcome);
    job.isDone = true;
    job.done.notify_one(); // under the lock: the caller's job is gone as soon as it can see isDone
}

void WriteLanes::stop()
{
    const std::lock_guard lock(m_mutex);
    m_isStopping = true;
    m_arrived.notify_one();
}

bool WriteLanes::isOpen() const
{
    const std::lock_guard lock(m_mutex);
    return m_isOpen;
}

std::size_t WriteLanes::waiting() const
{
    const std::lock_guard lock(m_mutex);
    std::size_t count = 0;
    for (const auto& lane : m_lanes)
        count += lane.size();
    return count;
}

} // namespace billing::sqlite
