#include "server/jobs/clockwork.h"

namespace billing {

Clockwork::Clockwork(Executor& executor, std::vector<Job> jobs, Failed failed)
    : m_executor(executor)
    , m_jobs(std::move(jobs))
    , m_failed(std::move(failed))
{
}

void Clockwork::start()
{
    for (const Job& job : m_jobs)
        m_executor.post([this, &job] { run(job); });
}

void Clockwork::stop()
{
    m_stopped = true;
}

void Clockwork::run(const Job& job)
{
    if (m_stopped)
        return;
    const auto more = job.step();
    if (!more)
        m_failed(job.name, more.error());
    if (more && *more)
        m_executor.post([this, &job] { run(job); });
    else
        m_executor.postAfter(job.interval, [this, &job] { run(job); });
}

} // namespace billing
