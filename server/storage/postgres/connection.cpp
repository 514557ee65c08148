#include "server/storage/postgres/connection.h"

#include "server/storage/postgres/postgres_session.h"

#include <algorithm>
#include <array>
#include <cerrno>

#include <poll.h>

namespace billing::postgres {

namespace {

Refusal silence()
{
    return {{ErrorCode::StorageUnavailable, "silence", "the server does not answer"}, Recovery::GiveUp};
}

// A lock nobody gives back, a client that stands still in a transaction and a statement that never ends must
// not hold up the others for ever. synchronous_commit is only raised: remote_apply and its like stay.
std::string setUp(std::chrono::milliseconds statementTime)
{
    return "SET client_encoding = 'UTF8';"
           "SET search_path = public;"
           "SET lock_timeout = '10s';"
           "SET idle_in_transaction_session_timeout = '10s';"
           "SET statement_timeout = " +
           std::to_string(statementTime.count()) +
           ";"
           "SELECT set_config('synchronous_commit', 'on', false)"
           " WHERE current_setting('synchronous_commit') IN ('off', 'local')";
}

void ignoreNotice(void*, const PGresult*) {}

std::string withoutLineBreak(const char* message)
{
    std::string text = message;
    while (!text.empty() && text.back() == '\n')
        text.pop_back();
    return text;
}

/// How a server is found, as libpq takes it.
class Address
{
public:
    Address(const std::string& conninfo, const std::string& password)
        : m_names{"connect_timeout",
                  "keepalives_idle",
                  "keepalives_interval",
                  "keepalives_count",
                  "tcp_user_timeout",
                  "fallback_application_name",
                  "dbname",
                  password.empty() ? nullptr : "password",
                  nullptr}
        , m_values{"3",    "10", "5", "3", "20000", "billing-server", conninfo.c_str(), password.c_str(),
                   nullptr}
    {
    }

    PGconn* connect() const { return PQconnectdbParams(m_names.data(), m_values.data(), 1); }
    PGPing ping() const { return PQpingParams(m_names.data(), m_values.data(), 1); }

private:
    // What stands before dbname is a default the connection string may change; the password stands behind it.
    std::array<const char*, 9> m_names;
    std::array<const char*, 9> m_values;
};

} // namespace

Connection::Connection(PGconn* handle, std::string conninfo, std::string password, ConnectionTimes times)
    : m_handle(handle)
    , m_conninfo(std::move(conninfo))
    , m_password(std::move(password))
    , m_times(times)
    , m_expected(times.statement)
    , m_session(std::make_unique<PostgresSession>(*this))
{
}

Connection::~Connection() = default;

Result<std::unique_ptr<Connection>> Connection::open(const std::string& conninfo, const std::string& password,
                                                     ConnectionTimes times)
{
    std::unique_ptr<Connection> connection(
        new Connection(Address(conninfo, password).connect(), conninfo, password, times));
    if (PQstatus(connection->handle()) != CONNECTION_OK)
        return Error{ErrorCode::StorageUnavailable, "connection",
                     withoutLineBreak(PQerrorMessage(connection->handle()))};
    PQsetNoticeReceiver(connection->handle(), ignoreNotice, nullptr);
    if (PQserverVersion(connection->handle()) < 150000)
        return Error{ErrorCode::StorageUnavailable, "connection", "PostgreSQL 15 or later is needed"};
    // Else libpq itself would wait for room in the socket, for ever.
    if (PQsetnonblocking(connection->handle(), 1) != 0)
        return Error{ErrorCode::StorageUnavailable, "connection"};
    if (const auto done = connection->run(setUp(times.statement)); !done)
        return done.error();
    return connection;
}

std::string Connection::user() const
{
    return PQuser(handle());
}

Error Connection::refused(const PGresult* result)
{
    Refusal refusal = m_isSilent ? silence() : toRefusal(handle(), result);
    const Error error = refusal.error;
    if (!m_refusal)
        m_refusal = std::move(refusal);
    return error;
}

Result<void> Connection::run(const std::string& script)
{
    const auto answer = ask(script);
    return answer ? Result<void>() : answer.error();
}

Result<std::string> Connection::ask(const std::string& script)
{
    const PgResult result = answer(PQsendQuery(handle(), script.c_str()));
    const ExecStatusType status = PQresultStatus(result.get());
    if (status == PGRES_COMMAND_OK)
        return std::string(PQcmdStatus(result.get()));
    if (status != PGRES_TUPLES_OK)
        return refused(result.get());
    if (PQntuples(result.get()) == 0 || PQnfields(result.get()) == 0)
        return std::string();
    return std::string(PQgetvalue(result.get(), 0, 0));
}

bool Connection::isHeard(short events) const
{
    const auto patience = m_expected + m_times.silence;
    int timesIdle = 0;
    for (std::chrono::milliseconds waited{0}; waited < patience;) {
        const auto next = std::min(m_times.silence, patience - waited);
        pollfd socket{PQsocket(handle()), events, 0};
        const int ready = ::poll(&socket, 1, static_cast<int>(next.count()));
        if (ready > 0)
            return true;
        if (ready < 0 && errno == EINTR)
            continue;
        waited += next;
        if (!m_times.asksOthers)
            continue;
        if (Address(m_conninfo, {}).ping() == PQPING_NO_RESPONSE)
            return false;
        // Not known counts only after it was idle: another host of the string may have answered.
        const auto state = stateOfOurs();
        const bool isIdle = state && (state->starts_with("idle") || (timesIdle > 0 && state->empty()));
        timesIdle = isIdle ? timesIdle + 1 : 0;
        if (timesIdle == 2 && ::poll(&socket, 1, 0) == 0)
            return false;
    }
    return false;
}

Result<std::string> Connection::stateOfOurs() const
{
    const auto other = open(m_conninfo, m_password,
                            {.statement = m_times.silence, .silence = m_times.silence, .asksOthers = false});
    if (!other)
        return other.error();
    return (*other)->ask("SELECT state FROM pg_stat_activity WHERE pid = " +
                         std::to_string(PQbackendPID(handle())));
}

PgResult Connection::next()
{
    if (m_isSilent)
        return nullptr;
    while (PQisBusy(handle()) == 1) {
        const bool isUnsent = PQflush(handle()) == 1;
        if (!isHeard(isUnsent ? POLLIN | POLLOUT : POLLIN)) {
            m_isSilent = true;
            return PgResult(PQmakeEmptyPGresult(handle(), PGRES_FATAL_ERROR));
        }
        if (PQconsumeInput(handle()) != 1)
            break; // lost: the result says how
    }
    return PgResult(PQgetResult(handle()));
}

PgResult Connection::answer(int isSent)
{
    PgResult kept;
    if (isSent != 1)
        return kept;
    while (PgResult result = next()) {
        if (PQresultStatus(kept.get()) != PGRES_FATAL_ERROR || !kept)
            kept = std::move(result);
    }
    return kept;
}

std::string Connection::literal(std::string_view text) const
{
    BILLING_ASSERT(text.find('\0') == std::string_view::npos);
    const std::unique_ptr<char, PgDelete> quoted(PQescapeLiteral(handle(), text.data(), text.size()));
    BILLING_ASSERT(quoted != nullptr); // only what is no UTF-8 has no literal
    return quoted.get();
}

bool Connection::isUsable()
{
    if (m_isSilent || PQstatus(handle()) != CONNECTION_OK || PQtransactionStatus(handle()) != PQTRANS_IDLE)
        return false;
    pollfd socket{PQsocket(handle()), POLLIN, 0};
    return ::poll(&socket, 1, 0) == 0; // what a server says unasked is good-bye
}

} // namespace billing::postgres
