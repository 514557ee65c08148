#include "server/storage/postgres/connection_pool.h"

#include <numeric>

namespace billing::postgres {

Lane laneOf(Priority priority)
{
    switch (priority) {
    case Priority::Accept:
        return Lane::Accept;
    case Priority::Money:
        return Lane::Money;
    case Priority::Settle:
        return Lane::Settle;
    case Priority::Maintenance:
        return Lane::Maintenance;
    }
    assertionFailed("a known Priority", __FILE__, __LINE__);
}

ConnectionPool::ConnectionPool(Login login)
    : m_login(std::move(login))
{
    BILLING_ASSERT(m_login.connections > 0);
}

ConnectionPool::~ConnectionPool()
{
    BILLING_ASSERT(m_taken == 0);
}

ConnectionPool::Lease::~Lease()
{
    if (m_connection)
        m_pool->giveBack(std::move(m_connection));
}

bool ConnectionPool::mayTake(Lane lane) const
{
    const auto own = m_waiting.begin() + static_cast<std::ptrdiff_t>(lane);
    const std::size_t ahead = std::accumulate(m_waiting.begin(), own, std::size_t{0});
    return m_taken + ahead < m_login.connections;
}

Result<ConnectionPool::Lease> ConnectionPool::take(Lane lane)
{
    std::unique_lock lock(m_mutex);
    std::size_t& waiting = m_waiting.at(static_cast<std::size_t>(lane));
    ++waiting;
    const bool isFree = m_changed.wait_for(lock, m_login.turnTime, [&] { return mayTake(lane); });
    --waiting;
    if (!isFree) {
        lock.unlock();
        m_changed.notify_all(); // somebody may have waited for us
        return Error{ErrorCode::StorageBusy, "connections"};
    }
    ++m_taken;
    while (!m_idle.empty()) {
        auto connection = std::move(m_idle.back());
        m_idle.pop_back();
        if (connection->isUsable())
            return Lease(*this, std::move(connection));
    }
    lock.unlock();
    auto opened = Connection::open(m_login.connection, m_login.password, m_login.times);
    if (opened)
        return Lease(*this, std::move(*opened));
    giveBack(nullptr);
    return opened.error();
}

void ConnectionPool::giveBack(std::unique_ptr<Connection> connection)
{
    const bool isUsable = connection && connection->isUsable();
    {
        const std::lock_guard lock(m_mutex);
        --m_taken;
        if (isUsable)
            m_idle.push_back(std::move(connection));
    }
    m_changed.notify_all();
}

void ConnectionPool::forgetIdle()
{
    std::vector<std::unique_ptr<Connection>> lost;
    const std::lock_guard lock(m_mutex);
    lost.swap(m_idle);
}

void ConnectionPool::pause(std::chrono::milliseconds duration)
{
    std::unique_lock lock(m_mutex);
    m_never.wait_for(lock, duration, [] { return false; });
}

} // namespace billing::postgres
