#include "server/storage/sqlite/write_lanes.h"

#include <algorithm>
#include <utility>

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

std::size_t WriteLanes::nextLane()
{
    const auto waits = [](const auto& lane) { return !lane.empty(); };
    const auto highest =
        static_cast<std::size_t>(std::find_if(m_lanes.begin(), m_lanes.end(), waits) - m_lanes.begin());
    if (std::exchange(m_wasOwed, false))
        return highest;
    for (std::size_t lane = highest + 1; lane < m_lanes.size(); ++lane) {
        if (m_lanes[lane].empty() || m_passedOver[lane] < patience[lane])
            continue;
        m_wasOwed = true;
        return lane;
    }
    return highest;
}

WriteLanes::Job* WriteLanes::pop()
{
    const std::size_t chosen = nextLane();
    if (chosen == m_lanes.size())
        return nullptr;
    Job* job = m_lanes[chosen].front();
    m_lanes[chosen].pop_front();
    m_passedOver[chosen] = 0;
    for (std::size_t lane = 0; lane < m_lanes.size(); ++lane)
        if (lane != chosen && !m_lanes[lane].empty())
            ++m_passedOver[lane];
    return job;
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
