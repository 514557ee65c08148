#include "server/storage/postgres/transaction.h"

#include "server/storage/postgres/postgres_session.h"

namespace billing::postgres {

namespace {

thread_local bool isInsideBody = false;

class InsideBody
{
public:
    InsideBody() { isInsideBody = true; }
    ~InsideBody() { isInsideBody = false; }
    InsideBody(const InsideBody&) = delete;
    InsideBody& operator=(const InsideBody&) = delete;
};

std::string roleOf(const Connection& connection, const Scope& scope)
{
    switch (scope.kind()) {
    case Scope::Kind::Tenant:
        return "SET LOCAL ROLE billing_tenant;SET LOCAL billing.tenant = " +
               connection.literal(scope.subject()) + ";";
    case Scope::Kind::AllTenants:
        return "SET LOCAL ROLE billing_all_tenants;";
    case Scope::Kind::System:
        return "SET LOCAL ROLE billing_system;";
    }
    assertionFailed("a known Scope", __FILE__, __LINE__);
}

/// Whoever goes over everything there is may take long; a caller waits for all else.
std::string timeOf(Connection& connection, bool isLong)
{
    connection.expect(isLong ? longStatementTime : connection.statementTime());
    if (!isLong)
        return {};
    return "SET LOCAL statement_timeout = " + std::to_string(longStatementTime.count()) +
           ";SET LOCAL idle_in_transaction_session_timeout = '30s';";
}

/// Whose money moves: nobody else's work on the same tenant runs meanwhile, so that what a body read cannot
/// have changed when it writes. Work on all tenants waits for, and holds up, that of each. Usage needs none
/// of this: its order is that of the tenants' heads.
std::string turnOf(const Connection& connection, const WriteJob& job)
{
    const bool isUsage = job.priority == Priority::Accept || job.priority == Priority::Settle;
    if (isUsage || job.scope.kind() == Scope::Kind::System)
        return {};
    if (job.scope.kind() == Scope::Kind::AllTenants)
        return job.priority == Priority::Money
                   ? "SELECT pg_advisory_xact_lock(hashtextextended('all tenants', 0));"
                   : "";
    return "SELECT pg_advisory_xact_lock_shared(hashtextextended('all tenants', 0));"
           "SELECT pg_advisory_xact_lock(hashtextextended('tenant ' || " +
           connection.literal(job.scope.subject()) + ", 0));";
}

/// Work is noted first, and its row answers the transaction's id.
std::string noteOf(const Connection& connection, const WorkId& workId)
{
    return "INSERT INTO work_done (work_id, transaction_id) VALUES (" + connection.literal(workId.text()) +
           ", pg_current_xact_id()) ON CONFLICT (work_id) DO UPDATE SET"
           " transaction_id = excluded.transaction_id, done_at = excluded.done_at"
           " RETURNING transaction_id::text";
}

Attempt failed(Connection& connection, Error error)
{
    const auto& refusal = connection.refusal();
    if (!refusal || refusal->recovery == Recovery::None)
        return {std::move(error)};
    return {std::move(error), refusal->recovery == Recovery::RunAgain ? Ending::RunAgain
                              : refusal->recovery == Recovery::GiveUp ? Ending::Silent
                                                                      : Ending::Lost};
}

/// After a refusal, the engine's or the body's; the engine's came first.
Attempt rollBack(Connection& connection, const Error& bodys)
{
    const Error error = connection.refusal() ? connection.refusal()->error : bodys;
    Attempt attempt = failed(connection, error);
    if (attempt.ending != Ending::Lost && attempt.ending != Ending::Silent)
        static_cast<void>(connection.run("ROLLBACK")); // where it fails the connection is not used again
    return attempt;
}

Result<void> runBody(Connection& connection, const Scope& scope, const Storage::Body& body)
{
    const InsideBody inside;
    Work work(connection.session(), scope);
    return body(work);
}

} // namespace

Attempt tryWrite(Connection& connection, const WriteJob& job)
{
    connection.forgetRefusal();
    connection.session().begin(PostgresSession::Access::Write);
    const auto begun = connection.ask(
        "BEGIN ISOLATION LEVEL READ COMMITTED;" + timeOf(connection, job.priority == Priority::Maintenance) +
        roleOf(connection, job.scope) + turnOf(connection, job) + noteOf(connection, job.workId));
    if (!begun)
        return rollBack(connection, begun.error());
    const auto done = runBody(connection, job.scope, job.body);
    if (!done || connection.refusal())
        return rollBack(connection, done ? Error{ErrorCode::Internal} : done.error());

    const auto committed = connection.ask("COMMIT");
    if (committed && *committed == "COMMIT")
        return {{}};
    if (committed)
        return {Error{ErrorCode::StorageUnavailable, "commit", "the engine answered " + *committed}};
    Attempt attempt = failed(connection, committed.error());
    if (attempt.ending == Ending::Lost || attempt.ending == Ending::Silent)
        attempt = {committed.error(), Ending::InDoubt, *begun};
    return attempt;
}

Attempt tryRead(Connection& connection, const Scope& scope, const Storage::Body& body)
{
    connection.forgetRefusal();
    connection.session().begin(PostgresSession::Access::Read);
    const auto begun = connection.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;" +
                                      timeOf(connection, scope.kind() == Scope::Kind::AllTenants) +
                                      roleOf(connection, scope));
    if (!begun)
        return rollBack(connection, begun.error());
    const auto done = runBody(connection, scope, body);
    if (!done || connection.refusal())
        return rollBack(connection, done ? Error{ErrorCode::Internal} : done.error());
    static_cast<void>(connection.run("COMMIT")); // everything was read: what happens now changes nothing
    return {{}};
}

Result<bool> wasCommitted(Connection& connection, const WorkId& workId, const std::string& transactionId)
{
    // Whoever writes the same row waits for the transaction that holds it, committed or not; then the row
    // says whose it is, or that it is only ours: 0, for our own id may be that of the lost transaction, which
    // a crash before its log was written gives out again. None of this stays.
    connection.forgetRefusal();
    static_cast<void>(timeOf(connection, false));
    const auto last = connection.ask("BEGIN;SET LOCAL ROLE billing_system;SET LOCAL lock_timeout = '5s';"
                                     "INSERT INTO work_done (work_id, transaction_id) VALUES (" +
                                     connection.literal(workId.text()) +
                                     ", '0') ON CONFLICT (work_id) DO UPDATE SET done_at = work_done.done_at"
                                     " RETURNING transaction_id::text");
    if (!last)
        return last.error();
    static_cast<void>(connection.run("ROLLBACK"));
    return *last == transactionId;
}

Result<void> forgetOldWorks(Connection& connection)
{
    connection.forgetRefusal();
    return connection.run("BEGIN;" + timeOf(connection, true) +
                          "SET LOCAL ROLE billing_system;"
                          "DELETE FROM work_done WHERE done_at < now() - INTERVAL '1 hour';COMMIT");
}

void assertOutsideBody()
{
    BILLING_ASSERT(!isInsideBody);
}

} // namespace billing::postgres
