// One connection to the server through libpq, set up once: UTF-8, answers to COMMIT only when it is on disk,
// limits on what waits for a lock or stands idle in a transaction. Its statements remember the first refusal
// of the transaction, since nothing after it can succeed. One thread at a time. Refuses StorageUnavailable.
//
// Nobody waits for ever. The server ends a statement after its time; one that is silent even some time after
// that is frozen, or behind a network that swallows what it says: the connection is lost ("silence"), and
// refuses at once from then on. After each such time of silence the server is asked through a new connection
// whether it answers anybody at all; if it does not within 3 s, that is enough. So it is when it says twice
// that it is not working for us: then what was said, by either side, was lost on the way.
#pragma once

#include "server/storage/postgres/postgres_error.h"

#include "shared/kernel/result.h"

#include <chrono>
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

struct ConnectionTimes
{
    std::chrono::milliseconds statement =
        std::chrono::seconds(20); ///< the server works on one; then StorageBusy
    std::chrono::milliseconds silence = std::chrono::seconds(5);
    bool asksOthers = true; ///< whether it is served at all, in silence
};
/// For a statement over everything there is.
constexpr std::chrono::milliseconds longStatementTime = std::chrono::minutes(10);

class Connection
{
public:
    static Result<std::unique_ptr<Connection>> open(const std::string& conninfo, const std::string& password,
                                                    ConnectionTimes times = {});
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    PGconn* handle() const noexcept { return m_handle.get(); }
    PostgresSession& session() const noexcept { return *m_session; }
    std::string user() const;
    std::chrono::milliseconds statementTime() const noexcept { return m_times.statement; }
    /// How long the server was told to work on each of the next statements.
    void expect(std::chrono::milliseconds statementTime) { m_expected = statementTime; }

    /// Any number of statements without values; they run as one.
    Result<void> run(const std::string& script);
    /// The same; the first value of the last statement's first row as text, empty when there is none.
    Result<std::string> ask(const std::string& script);
    /// The next result of what was sent, nothing behind the last; a failed one when the server is silent.
    PgResult next();
    /// The refusal among the results of what was sent, else the last. Nothing when it was not sent (not 1).
    PgResult answer(int isSent);
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
    Connection(PGconn* handle, std::string conninfo, std::string password, ConnectionTimes times);

    /// Until the socket is ready; false when the server was silent too long.
    bool isHeard(short events) const;
    /// What another connection is told of this one's process: its state, empty when it is not known there.
    Result<std::string> stateOfOurs() const;

    std::unique_ptr<PGconn, PgDelete> m_handle;
    const std::string m_conninfo;
    const std::string m_password;
    const ConnectionTimes m_times;
    std::chrono::milliseconds m_expected;
    bool m_isSilent = false; ///< for good
    std::optional<Refusal> m_refusal;
    std::unique_ptr<PostgresSession> m_session;
};

} // namespace billing::postgres
