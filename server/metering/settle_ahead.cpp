#include "server/metering/settle_ahead.h"

namespace billing {

SettleAhead::SettleAhead(const Settler& settler, Executor& executor)
    : m_settler(settler)
    , m_executor(executor)
{
}

SettleAhead::~SettleAhead()
{
    (void)take(); // the task that runs still writes here
}

void SettleAhead::start(std::int64_t maxEvents, JournalPosition after)
{
    (void)take();
    std::uint64_t order = 0;
    {
        const std::lock_guard lock(m_mutex);
        order = ++m_order;
        m_state = State::Posted;
    }
    m_executor.post([this, order, maxEvents, after] { prepare(order, maxEvents, after); });
}

std::optional<WaitingUsage> SettleAhead::take()
{
    std::unique_lock lock(m_mutex);
    ++m_order;
    m_changed.wait(lock, [this] { return m_state != State::Running; });
    m_state = State::Nothing;
    return std::exchange(m_prepared, std::nullopt);
}

void SettleAhead::prepare(std::uint64_t order, std::int64_t maxEvents, JournalPosition after)
{
    {
        const std::lock_guard lock(m_mutex);
        if (order != m_order || m_state != State::Posted)
            return;
        m_state = State::Running;
    }
    auto prepared = m_settler.prepare(maxEvents, after);
    {
        const std::lock_guard lock(m_mutex);
        m_state = State::Done;
        if (prepared)
            m_prepared = std::move(*prepared);
        m_changed.notify_all(); // under the lock: whoever waits may destroy us when it is free
    }
}

} // namespace billing
