// The queue in front of the one writer: four lanes, the highest waiting lane first, each in the order of
// arrival. A caller hands in a job and waits for its outcome; the writer thread takes jobs until it is told
// to stop and nothing waits any more. Any thread.
#pragma once

#include "server/storage/storage.h"

#include <array>
#include <condition_variable>
#include <deque>
#include <mutex>

namespace billing::sqlite {

class WriteLanes
{
public:
    struct Job
    {
        const Scope* scope;
        Priority priority;
        const Storage::Body* body;
        Result<void> outcome = {};
        bool isDone = false;
        std::condition_variable done = {};
    };

    /// Waits until the writer has finished the job; false, without touching it, when no writer is there.
    bool runOnWriter(Job& job);

    /// The writer: opens the lanes, takes jobs in order, hands outcomes back.
    void open();
    /// The next job, waiting for one. nullptr when it is over: the lanes are closed then.
    Job* next();
    void finish(Job& job, Result<void> outcome);
    /// Makes next() answer nullptr once nothing waits.
    void stop();

    bool isOpen() const;
    std::size_t waiting() const;

private:
    Job* pop();

    mutable std::mutex m_mutex;
    std::condition_variable m_arrived;
    std::array<std::deque<Job*>, 4> m_lanes;
    bool m_isOpen = false;
    bool m_isStopping = false;
};

} // namespace billing::sqlite
