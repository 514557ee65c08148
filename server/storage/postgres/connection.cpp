#include "server/storage/postgres/connection.h"

#include "server/storage/postgres/postgres_session.h"

#include <array>

#include <poll.h>

namespace billing::postgres {

namespace {

// A lock nobody gives back, a client that stands still in a transaction and a statement that never ends must
// not hold up the others for ever. synchronous_commit is only raised: remote_apply and its like stay.
constexpr const char* setUp = "SET client_encoding = 'UTF8';"
                              "SET search_path = public;"
                              "SET lock_timeout = '10s';"
                              "SET idle_in_transaction_session_timeout = '30s';"
                              "SET statement_timeout = '10min';"
                              "SELECT set_config('synchronous_commit', 'on', false)"
                              " WHERE current_setting('synchronous_commit') IN ('off', 'local')";

void ignoreNotice(void*, const PGresult*) {}

std::string withoutLineBreak(const char* message)
{
    std::string text = message;
    while (!text.empty() && text.back() == '\n')
        text.pop_back();
    return text;
}

PGconn* connect(const std::string& conninfo, const std::string& password)
{
    // What stands before dbname is a default the connection string may change; the password stands behind it.
    const std::array<const char*, 9> names{"connect_timeout",
                                           "keepalives_idle",
                                           "keepalives_interval",
                                           "keepalives_count",
                                           "tcp_user_timeout",
                                           "fallback_application_name",
                                           "dbname",
                                           password.empty() ? nullptr : "password",
                                           nullptr};
    const std::array<const char*, 9> values{
        "3", "10", "5", "3", "20000", "billing-server", conninfo.c_str(), password.c_str(), nullptr};
    return PQconnectdbParams(names.data(), values.data(), 1);
}

} // namespace

Connection::Connection(PGconn* handle)
    : m_handle(handle)
    , m_session(std::make_unique<PostgresSession>(*this))
{
}

Connection::~Connection() = default;

Result<std::unique_ptr<Connection>> Connection::open(const std::string& conninfo, const std::string& password)
{
    std::unique_ptr<Connection> connection(new Connection(connect(conninfo, password)));
    if (PQstatus(connection->handle()) != CONNECTION_OK)
        return Error{ErrorCode::StorageUnavailable, "connection",
                     withoutLineBreak(PQerrorMessage(connection->handle()))};
    PQsetNoticeReceiver(connection->handle(), ignoreNotice, nullptr);
    if (PQserverVersion(connection->handle()) < 150000)
        return Error{ErrorCode::StorageUnavailable, "connection", "PostgreSQL 15 or later is needed"};
    if (const auto done = connection->run(setUp); !done)
        return done.error();
    return connection;
}

std::string Connection::user() const
{
    return PQuser(handle());
}

Error Connection::refused(const PGresult* result)
{
    Refusal refusal = toRefusal(handle(), result);
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
    const PgResult result(PQexec(handle(), script.c_str()));
    const ExecStatusType status = PQresultStatus(result.get());
    if (status == PGRES_COMMAND_OK)
        return std::string(PQcmdStatus(result.get()));
    if (status != PGRES_TUPLES_OK)
        return refused(result.get());
    if (PQntuples(result.get()) == 0 || PQnfields(result.get()) == 0)
        return std::string();
    return std::string(PQgetvalue(result.get(), 0, 0));
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
    if (PQstatus(handle()) != CONNECTION_OK || PQtransactionStatus(handle()) != PQTRANS_IDLE)
        return false;
    pollfd socket{PQsocket(handle()), POLLIN, 0};
    return ::poll(&socket, 1, 0) == 0; // what a server says unasked is good-bye
}

} // namespace billing::postgres
