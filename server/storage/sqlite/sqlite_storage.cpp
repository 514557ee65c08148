#include "server/storage/sqlite/sqlite_storage.h"

#include "server/storage/sqlite/connection.h"
#include "server/storage/sqlite/file_lock.h"
#include "server/storage/sqlite/migrations.h"
#include "server/storage/sqlite/reader_connections.h"
#include "server/storage/sqlite/transaction.h"
#include "server/storage/sqlite/write_lanes.h"

#include <sqlite3.h>

#include <cerrno>
#include <cstring>
#include <mutex>
#include <thread>

#include <fcntl.h>
#include <unistd.h>

namespace billing {

using namespace sqlite;

class SqliteStorage::State
{
public:
    State(std::filesystem::path path, FileLock owned, int pagesOfALargeLog)
        : file(std::move(path))
        , largeLog(pagesOfALargeLog)
        , lock(std::move(owned))
        , readers(file)
    {
    }

    const std::filesystem::path file;
    const int largeLog;
    const FileLock lock;
    WriteLanes lanes;

    std::mutex writerMutex;             ///< who may use or replace the writer connection
    std::unique_ptr<Connection> writer; ///< of the thread below
    decltype(std::this_thread::get_id()) writerThread;
    ReaderConnections readers; ///< closed before the writer

    /// The writer connection as one of the calling thread; the caller holds writerMutex.
    Result<Connection*> writerOfThisThread()
    {
        if (writer && writerThread == std::this_thread::get_id())
            return writer.get();
        writer.reset(); // first, so that there are never two
        auto opened = Connection::open(file, Access::Write);
        if (!opened)
            return opened.error();
        writer = std::move(*opened);
        writerThread = std::this_thread::get_id();
        return writer.get();
    }

    /// One transaction of the writer connection, on its thread.
    Result<void> run(Connection& connection, const Scope& scope, const Body& body);
    /// Copies a large log into the data file, between transactions, when what is in it was answered.
    void copyLargeLog(Connection& connection);
    Result<void> health() const
    {
        const std::lock_guard guard(m_healthMutex);
        return m_health;
    }
    void setHealth(Result<void> health)
    {
        const std::lock_guard guard(m_healthMutex);
        m_health = std::move(health);
    }

private:
    mutable std::mutex m_healthMutex;
    Result<void> m_health; ///< or the I/O error after which nothing was written again yet
    bool m_mustRestart = false;
};

namespace {

/// Copies what is committed from the log into the data file, flushes that and cuts the log to nothing. What
/// a flush that failed had only pretended to write is written anew by this.
Result<void> emptyLog(Connection& connection)
{
    const auto isHeldUp = connection.ask("PRAGMA wal_checkpoint(TRUNCATE)");
    if (!isHeldUp)
        return isHeldUp.error();
    if (*isHeldUp != "0")
        return Error{ErrorCode::StorageBusy, "wal_checkpoint", "somebody reads from the log"};
    return {};
}

/// SQLite gives its log and index the mode of the data file, so that file is made by us, for the owner only.
Result<void> makeFile(const std::filesystem::path& file)
{
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return Error{ErrorCode::StorageUnavailable, file.string(), std::strerror(errno)};
    ::close(descriptor);
    return {};
}

Result<void> quickCheck(Connection& connection)
{
    const auto answer = connection.ask("PRAGMA quick_check(1)");
    if (!answer)
        return answer.error();
    if (*answer != "ok")
        return Error{ErrorCode::StorageCorrupt, "quick_check", *answer};
    return {};
}

} // namespace

Result<void> SqliteStorage::State::run(Connection& connection, const Scope& scope, const Body& body)
{
    // The kernel reports a failed flush once and may call the next one a success though the pages of the
    // first never reached the disk (as PostgreSQL learnt in 2018). So nothing is committed after an I/O error
    // before all that was committed has been written again; if flushing fails even then, only a start, which
    // recovers the whole log from its beginning, may trust this file again.
    if (m_mustRestart)
        return health();
    if (!health()) {
        if (auto emptied = emptyLog(connection); !emptied) {
            m_mustRestart = sqlite3_extended_errcode(connection.handle()) == SQLITE_IOERR_FSYNC;
            return emptied;
        }
        setHealth({});
    }
    auto outcome = runInTransaction(connection, Access::Write, scope, body);
    if (!outcome && outcome.error().code == ErrorCode::StorageUnavailable)
        setHealth(outcome.error());
    return outcome;
}

void SqliteStorage::State::copyLargeLog(Connection& connection)
{
    if (connection.logPages() < largeLog || !health())
        return;
    // Behind somebody who reads a part is left for the next time.
    const auto copied = connection.ask("PRAGMA wal_checkpoint(PASSIVE)");
    if (!copied && copied.error().code != ErrorCode::StorageBusy)
        setHealth(copied.error());
}

SqliteStorage::SqliteStorage(std::unique_ptr<State> state)
    : m_state(std::move(state))
{
}

SqliteStorage::~SqliteStorage()
{
    BILLING_ASSERT(!m_state->lanes.isOpen());
}

Result<std::unique_ptr<SqliteStorage>> SqliteStorage::open(const std::filesystem::path& file, Options options)
{
    auto lock = FileLock::take(file.string() + ".lock");
    if (!lock)
        return lock.error();
    if (const auto made = makeFile(file); !made)
        return made.error();
    auto state = std::make_unique<State>(file, std::move(*lock), options.largeLog);
    const auto connection = state->writerOfThisThread();
    if (!connection)
        return connection.error();
    if (options.check == StartCheck::Quick) {
        if (const auto checked = quickCheck(**connection); !checked)
            return checked.error();
    }
    // Also what a process before this one wrote and perhaps could not flush. On a full disk reads still work.
    if (auto emptied = emptyLog(**connection); !emptied && emptied.error().code != ErrorCode::StorageBusy)
        state->setHealth(emptied.error());
    if (const auto migrated = migrate(**connection, knownMigrations(), options.openedAt); !migrated)
        return migrated.error();
    return std::unique_ptr<SqliteStorage>(new SqliteStorage(std::move(state)));
}

void SqliteStorage::runWriter()
{
    std::unique_lock ownership(m_state->writerMutex); // waits for a write that runs on its caller's thread
    m_state->lanes.open();
    const auto connection = m_state->writerOfThisThread();
    ownership.unlock();
    while (WriteLanes::Job* job = m_state->lanes.next()) {
        Result<void> outcome = connection ? m_state->run(**connection, *job->scope, *job->body)
                                          : Result<void>(connection.error());
        m_state->lanes.finish(*job, std::move(outcome));
        if (connection)
            m_state->copyLargeLog(**connection);
    }
    ownership.lock();
    if (m_state->writerThread != std::this_thread::get_id())
        return;
    if (connection)
        static_cast<void>(emptyLog(**connection)); // the next start does it otherwise
    m_state->writer.reset();
}

void SqliteStorage::stopWriter()
{
    m_state->lanes.stop();
}

bool SqliteStorage::hasWriter() const
{
    return m_state->lanes.isOpen();
}

Result<void> SqliteStorage::health() const
{
    return m_state->health();
}

Result<void> SqliteStorage::write(const Scope& scope, Priority priority, const WorkId&, const Body& body)
{
    assertOutsideBody();
    WriteLanes::Job job{&scope, priority, &body};
    while (!m_state->lanes.runOnWriter(job)) {
        const std::lock_guard ownership(m_state->writerMutex);
        if (hasWriter()) // one came meanwhile
            continue;
        const auto connection = m_state->writerOfThisThread();
        if (!connection)
            return connection.error();
        auto outcome = m_state->run(**connection, scope, body);
        m_state->copyLargeLog(**connection);
        return outcome;
    }
    return job.outcome;
}

Result<void> SqliteStorage::read(const Scope& scope, const Body& body)
{
    assertOutsideBody();
    const auto connection = m_state->readers.ofThisThread();
    if (!connection)
        return connection.error();
    return runInTransaction(**connection, Access::Read, scope, body);
}

} // namespace billing
