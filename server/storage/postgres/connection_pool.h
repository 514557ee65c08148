// The connections of one storage: made when needed, at most so many, given back for the next. Who finds none
// free waits, and of those who wait the highest lane is first. Any thread. Refuses StorageBusy when none
// became free in time, StorageUnavailable when a connection is needed and cannot be made.
#pragma once

#include "server/storage/postgres/connection.h"
#include "server/storage/storage.h"

#include <array>
#include <chrono>
#include <condition_variable>
#include <mutex>

namespace billing::postgres {

/// As Priority, with reads between those who wait for an answer and the background.
enum class Lane
{
    Accept,
    Money,
    Read,
    Settle,
    Maintenance
};

Lane laneOf(Priority priority);

struct Login
{
    std::string connection;
    std::string password;
    std::size_t connections;
    ConnectionTimes times;
    std::chrono::milliseconds turnTime; ///< how long take() waits for one that is free
};

class ConnectionPool
{
public:
    explicit ConnectionPool(Login login);
    ~ConnectionPool();
    ConnectionPool(const ConnectionPool&) = delete;
    ConnectionPool& operator=(const ConnectionPool&) = delete;

    /// A connection for the life of this object; it goes back if it still can be used.
    class Lease
    {
    public:
        Lease(ConnectionPool& pool, std::unique_ptr<Connection> connection)
            : m_pool(&pool)
            , m_connection(std::move(connection))
        {
        }
        ~Lease();
        Lease(Lease&& other) noexcept = default;
        Lease& operator=(Lease&&) = delete;

        Connection& operator*() const { return *m_connection; }
        Connection* operator->() const { return m_connection.get(); }

    private:
        ConnectionPool* m_pool;
        std::unique_ptr<Connection> m_connection; ///< nothing once moved from
    };

    Result<Lease> take(Lane lane);
    /// Closes what is idle: one connection was lost, so the others probably are.
    void forgetIdle();
    /// Returns after that long: before something is tried again that failed for a reason that passes.
    void pause(std::chrono::milliseconds duration);

private:
    bool mayTake(Lane lane) const;
    void giveBack(std::unique_ptr<Connection> connection);

    const Login m_login;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::condition_variable m_never; ///< nobody notifies it: pauses wait for their time alone
    std::vector<std::unique_ptr<Connection>> m_idle;
    std::size_t m_taken = 0;
    std::array<std::size_t, 5> m_waiting = {};
};

} // namespace billing::postgres
