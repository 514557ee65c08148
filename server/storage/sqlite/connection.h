// One connection to the SQLite file through Qt SQL, with every setting the design asks for made and read
// back: WAL, synchronous=FULL (an answered write survives a power cut), foreign keys, no trust in the
// schema's own functions. Only the writer may checkpoint: two checkpointing connections can lose commits in
// Debian 12's SQLite 3.40; and it does so when it is told to, not inside a COMMIT, which keeps quiet about a
// checkpoint that failed. A connection belongs to the thread that made it; only its destruction may happen
// elsewhere, when nobody uses it any more. Refuses StorageUnavailable, StorageCorrupt.
#pragma once

#include "shared/kernel/result.h"

#include <QString>

#include <filesystem>
#include <memory>

struct sqlite3;

namespace billing::sqlite {

class SqliteSession;

enum class Access
{
    Write,
    Read
};

class Connection
{
public:
    static Result<std::unique_ptr<Connection>> open(const std::filesystem::path& file, Access access);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    sqlite3* handle() const noexcept { return m_handle; }
    SqliteSession& session() const noexcept { return *m_session; }

    /// Statements without values or rows that are no business of a Session: BEGIN, pragmas, migrations.
    Result<void> run(const char* script);
    /// The first value of the first row as text.
    Result<std::string> ask(const char* sql);
    /// How many pages the log held behind this connection's last commit.
    int logPages() const noexcept { return m_logPages; }

private:
    explicit Connection(QString name);
    Result<void> configure(Access access);

    QString m_name;
    sqlite3* m_handle = nullptr;
    int m_logPages = 0;
    std::unique_ptr<SqliteSession> m_session;
};

} // namespace billing::sqlite
