// The threads that requests run on, apart by who waits for them (DESIGN decision 30): the kernel's calls
// (usage, standing, current usage), people's calls, and long reads (searches, usage over long spans). However
// many searches there are, the kernel's calls wait for none of them. The kernel's are all taken; of the
// others so many may be on their way, running or waiting, and the next one is refused at once, so that no
// queue grows without an end. Any thread.
#pragma once

#include "shared/kernel/ports.h"

#include <array>
#include <atomic>
#include <memory>

namespace billing::api {

enum class Pool
{
    Kernel,
    People,
    LongReads
};

class WorkerPools
{
public:
    /// On their way at once, at most.
    struct Limits
    {
        int people = 1'024;
        int longReads = 16;
    };

    WorkerPools(Executor& kernel, Executor& people, Executor& longReads);
    WorkerPools(Executor& kernel, Executor& people, Executor& longReads, Limits limits);
    /// One for all, where nothing is meant to be apart: commands and tests.
    WorkerPools(Executor& all);

    /// Runs a new request's task there. Refuses TooManyRequests.
    Result<void> take(Pool pool, Executor::Task task) const;
    /// Goes on with a request that was taken.
    Executor& of(Pool pool) const { return *m_executors[static_cast<std::size_t>(pool)]; }

private:
    using Counts = std::array<std::atomic<int>, 3>;

    std::array<Executor*, 3> m_executors;
    Limits m_limits;
    std::shared_ptr<Counts> m_onTheirWay;
};

} // namespace billing::api
