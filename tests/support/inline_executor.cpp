#include "tests/support/inline_executor.h"

namespace billing::test {

namespace {

constexpr std::size_t mostTasksAtOneMoment = 10'000'000;

} // namespace

InlineExecutor::InlineExecutor(ManualClock& clock)
    : m_clock(clock)
{
}

void InlineExecutor::post(Task task)
{
    postAfter(Duration::zero(), std::move(task));
}

void InlineExecutor::postAfter(Duration delay, Task task)
{
    const std::lock_guard lock(m_mutex);
    m_tasks.emplace(m_clock.monotonic() + std::max(delay, Duration::zero()), std::move(task));
}

std::size_t InlineExecutor::runUntilIdle()
{
    std::size_t ran = 0;
    while (auto task = takeDue()) {
        (*task)(); // outside the lock: it may post
        ++ran;
        BILLING_ASSERT(ran < mostTasksAtOneMoment);
    }
    return ran;
}

std::size_t InlineExecutor::advance(Duration step)
{
    const MonotonicTime end = m_clock.monotonic() + step;
    std::size_t ran = runUntilIdle();
    for (auto due = nextDue(); due && *due <= end; due = nextDue()) {
        // A task may have moved the clock itself, beyond the moment of the next one.
        m_clock.advance(std::max(*due - m_clock.monotonic(), Duration::zero()));
        ran += runUntilIdle();
    }
    m_clock.advance(std::max(end - m_clock.monotonic(), Duration::zero()));
    return ran;
}

std::size_t InlineExecutor::pending() const
{
    const std::lock_guard lock(m_mutex);
    return m_tasks.size();
}

std::optional<MonotonicTime> InlineExecutor::nextDue() const
{
    const std::lock_guard lock(m_mutex);
    return m_tasks.empty() ? std::nullopt : std::optional(m_tasks.begin()->first);
}

std::optional<Executor::Task> InlineExecutor::takeDue()
{
    const std::lock_guard lock(m_mutex);
    if (m_tasks.empty() || m_tasks.begin()->first > m_clock.monotonic())
        return std::nullopt;
    return std::move(m_tasks.extract(m_tasks.begin()).mapped());
}

} // namespace billing::test
