// The queue in front of the one writer: four lanes, the highest waiting lane first, each in the order of
// arrival; but a lane that was passed over four times (maintenance: sixteen) gets a turn, so that under
// saturation accepting usage cannot keep metering from it for ever: the backlog would fill up and refuse all
// usage. Two such turns never follow each other while a higher lane waits, so that a job waits for at most
// one slice of a lower lane, and one lasts at most 50 ms. A caller hands in a job and waits for its outcome;
// the writer thread takes jobs until it is told to stop and nothing waits any more. Any thread.
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
    static constexpr std::array<int, 4> patience{0, 4, 4, 16}; ///< jobs a waiting lane lets go first

    Job* pop();
    std::size_t nextLane();

    mutable std::mutex m_mutex;
    std::condition_variable m_arrived;
    std::array<std::deque<Job*>, 4> m_lanes;
    std::array<int, 4> m_passedOver = {}; ///< how often, while something waited in the lane
    bool m_wasOwed = false;               ///< the last job came from a lane that was owed its turn
    bool m_isOpen = false;
    bool m_isStopping = false;
};

} // namespace billing::sqlite
