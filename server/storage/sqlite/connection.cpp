#include "server/storage/sqlite/connection.h"

#include "server/storage/sqlite/dec_sum.h"
#include "server/storage/sqlite/sqlite_error.h"
#include "server/storage/sqlite/sqlite_session.h"

#include <QSqlDatabase>
#include <QSqlDriver>
#include <QSqlError>
#include <QVariant>

#include <sqlite3.h>

#include <array>
#include <atomic>

namespace billing::sqlite {

namespace {

struct Pragma
{
    const char* set;
    const char* ask;
    std::string_view expected;
};

// No memory map: mapped pages count as the server's memory. Temporary tables stay off the disk.
constexpr std::array commonPragmas{
    Pragma{"PRAGMA foreign_keys = ON", "PRAGMA foreign_keys", "1"},
    Pragma{"PRAGMA trusted_schema = OFF", "PRAGMA trusted_schema", "0"},
    Pragma{"PRAGMA temp_store = MEMORY", "PRAGMA temp_store", "2"},
    Pragma{"PRAGMA mmap_size = 0", "PRAGMA mmap_size", "0"},
};

// 40 MiB of cache, since identities are scattered over their whole table; a log file that shrinks back to
// 128 MiB after a burst.
constexpr std::array writerPragmas{
    Pragma{"PRAGMA journal_mode = WAL", "PRAGMA journal_mode", "wal"},
    Pragma{"PRAGMA synchronous = FULL", "PRAGMA synchronous", "2"},
    Pragma{"PRAGMA cache_size = -40960", "PRAGMA cache_size", "-40960"},
    Pragma{"PRAGMA wal_autocheckpoint = 0", "PRAGMA wal_autocheckpoint", "0"},
    Pragma{"PRAGMA journal_size_limit = 134217728", "PRAGMA journal_size_limit", "134217728"},
};

constexpr std::array readerPragmas{
    Pragma{"PRAGMA query_only = ON", "PRAGMA query_only", "1"},
    Pragma{"PRAGMA cache_size = -2048", "PRAGMA cache_size", "-2048"},
    Pragma{"PRAGMA wal_autocheckpoint = 0", "PRAGMA wal_autocheckpoint", "0"},
};

/// Keeping count of memory takes a lock of the whole process at every allocation, and nobody asks for the
/// count.
void forgoMemoryCount()
{
    // Refused when some other part of the process has used SQLite before; then it counts.
    [[maybe_unused]] static const int done = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

QString uniqueName()
{
    static std::atomic<std::uint64_t> count{0};
    return QStringLiteral("billing-%1").arg(++count);
}

template <std::size_t N>
Result<void> apply(Connection& connection, const std::array<Pragma, N>& pragmas)
{
    for (const Pragma& pragma : pragmas) {
        if (const auto set = connection.run(pragma.set); !set)
            return set;
        const auto seen = connection.ask(pragma.ask);
        if (!seen)
            return seen.error();
        if (*seen != pragma.expected)
            return Error{ErrorCode::StorageUnavailable, pragma.set, "the engine answered " + *seen};
    }
    return {};
}

} // namespace

Connection::Connection(QString name)
    : m_name(std::move(name))
{
}

Connection::~Connection()
{
    m_session.reset(); // its statements must be gone before their connection
    QSqlDatabase::removeDatabase(m_name);
}

Result<std::unique_ptr<Connection>> Connection::open(const std::filesystem::path& file, Access access)
{
    forgoMemoryCount();
    std::unique_ptr<Connection> connection(new Connection(uniqueName()));
    QSqlDatabase database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), connection->m_name);
    if (!database.isValid())
        return Error{ErrorCode::StorageUnavailable, "QSQLITE", "Qt's SQLite driver is not installed"};
    database.setDatabaseName(QString::fromStdString(file.string()));
    QString options = QStringLiteral("QSQLITE_BUSY_TIMEOUT=2000");
    if (access == Access::Read)
        options += QStringLiteral(";QSQLITE_OPEN_READONLY");
    database.setConnectOptions(options);
    if (!database.open())
        return Error{ErrorCode::StorageUnavailable, file.string(), database.lastError().text().toStdString()};

    const QVariant handle = database.driver()->handle();
    BILLING_ASSERT(qstrcmp(handle.typeName(), "sqlite3*") == 0);
    connection->m_handle = *static_cast<sqlite3* const*>(handle.constData());
    if (const auto configured = connection->configure(access); !configured)
        return configured.error();
    connection->m_session = std::make_unique<SqliteSession>(connection->m_handle, access);
    return connection;
}

Result<void> Connection::configure(Access access)
{
    sqlite3_extended_result_codes(m_handle, 1);
    registerDecSum(m_handle);
    const auto noteSize = [](void* place, sqlite3*, const char*, int pages) {
        *static_cast<int*>(place) = pages;
        return SQLITE_OK;
    };
    if (const auto done = apply(*this, commonPragmas); !done)
        return done;
    const auto done = access == Access::Write ? apply(*this, writerPragmas) : apply(*this, readerPragmas);
    sqlite3_wal_hook(m_handle, noteSize, &m_logPages); // last: wal_autocheckpoint takes the hook's place
    return done;
}

Result<void> Connection::run(const char* script)
{
    const int code = sqlite3_exec(m_handle, script, nullptr, nullptr, nullptr);
    return code == SQLITE_OK ? Result<void>() : toError(m_handle, code);
}

Result<std::string> Connection::ask(const char* sql)
{
    std::optional<std::string> first;
    const auto keepFirst = [](void* place, int columns, char** values, char**) {
        auto& found = *static_cast<std::optional<std::string>*>(place);
        if (!found && columns > 0 && values[0] != nullptr)
            found = values[0];
        return 0;
    };
    const int code = sqlite3_exec(m_handle, sql, keepFirst, &first, nullptr);
    if (code != SQLITE_OK)
        return toError(m_handle, code);
    return first.value_or(std::string());
}

} // namespace billing::sqlite
