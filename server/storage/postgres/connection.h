// One connection to the server through libpq, set up once: UTF-8, answers to COMMIT only when it is on disk,
// limits on what waits for a lock or stands idle in a transaction. Its statements remember the first refusal
// of the transaction, since nothing after it can succeed. One thread at a time. Refuses StorageUnavailable.
#pragma once

#include "server/storage/postgres/postgres_error.h"

#include "shared/kernel/result.h"

#include <memory>
#include <optional>
#include <string>

namespace billing::postgres {

class PostgresSession;

struct PgDelete
{
    void operator()(PGconn* connection) const noexcept { PQfinish(connection); }
    void operator()(PGresult* result) const noexcept { PQclear(result); }
    void operator()(char* text) const noexcept { PQfreemem(text); }
};
using PgResult = std::unique_ptr<PGresult, PgDelete>;

class Connection
{
public:
    static Result<std::unique_ptr<Connection>> open(const std::string& conninfo, const std::string& password);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    PGconn* handle() const noexcept { return m_handle.get(); }
    PostgresSession& session() const noexcept { return *m_session; }
    std::string user() const;

    /// Any number of statements without values; they run as one.
    Result<void> run(const std::string& script);
    /// The same; the first value of the last statement's first row as text, empty when there is none.
    Result<std::string> ask(const std::string& script);
    /// A text as SQL writes it, quotes included. Asserts a NUL: no such text can be stored.
    std::string literal(std::string_view text) const;

    /// Whether an idle connection can still be used: nobody has closed it or said a word on it since.
    bool isUsable();
    /// The first refusal since the last forgetRefusal().
    const std::optional<Refusal>& refusal() const noexcept { return m_refusal; }
    void forgetRefusal() { m_refusal.reset(); }
    /// What the engine refused: kept if it is the first. result may be null.
    Error refused(const PGresult* result);

private:
    explicit Connection(PGconn* handle);

    std::unique_ptr<PGconn, PgDelete> m_handle;
    std::optional<Refusal> m_refusal;
    std::unique_ptr<PostgresSession> m_session;
};

} // namespace billing::postgres
