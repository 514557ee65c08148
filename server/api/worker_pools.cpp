#include "server/api/worker_pools.h"

#include <limits>

namespace billing::api {

WorkerPools::WorkerPools(Executor& kernel, Executor& people, Executor& longReads)
    : WorkerPools(kernel, people, longReads, Limits())
{
}

WorkerPools::WorkerPools(Executor& kernel, Executor& people, Executor& longReads, Limits limits)
    : m_executors{&kernel, &people, &longReads}
    , m_limits(limits)
    , m_onTheirWay(std::make_shared<Counts>())
{
}

WorkerPools::WorkerPools(Executor& all)
    : WorkerPools(all, all, all)
{
}

Result<void> WorkerPools::take(Pool pool, Executor::Task task) const
{
    const int most = pool == Pool::People      ? m_limits.people
                     : pool == Pool::LongReads ? m_limits.longReads
                                               : std::numeric_limits<int>::max();
    std::atomic<int>& count = (*m_onTheirWay)[static_cast<std::size_t>(pool)];
    if (++count > most) {
        --count;
        return Error{ErrorCode::TooManyRequests, pool == Pool::LongReads ? "search" : "requests",
                     "at most " + std::to_string(most) + " at once; try again later"};
    }
    // Counted down when the task is gone, run or forgotten.
    const std::shared_ptr<void> counted(
        nullptr, [counts = m_onTheirWay, pool](void*) { --(*counts)[static_cast<std::size_t>(pool)]; });
    of(pool).post([counted, task = std::move(task)] { task(); });
    return {};
}

} // namespace billing::api
