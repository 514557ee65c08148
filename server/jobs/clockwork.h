// What the server does by itself: closes due periods, draws documents, writes checkpoints, forgets old
// journal rows. Each job is a step that is called again and again on one executor of one thread; a step that
// did something comes back soon, one that did nothing after its interval.
#pragma once

#include "shared/kernel/ports.h"
#include "shared/kernel/result.h"

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace billing {

struct Job
{
    std::string name;
    Duration interval;
    /// Answers whether there is more to do at once.
    std::function<Result<bool>()> step;
};

class Clockwork
{
public:
    using Failed = std::function<void(const std::string& job, const Error&)>;

    /// The executor has one thread and is stopped before the clockwork goes.
    Clockwork(Executor& executor, std::vector<Job> jobs, Failed failed);

    /// Runs every job once and then on its interval. Once.
    void start();
    /// No further step starts. Any thread.
    void stop();

private:
    void run(const Job& job);

    Executor& m_executor;
    std::vector<Job> m_jobs;
    Failed m_failed;
    std::atomic<bool> m_stopped = false;
};

} // namespace billing
