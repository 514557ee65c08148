#include "server/storage/sqlite/transaction.h"

#include "server/storage/sqlite/sqlite_session.h"

#include <sqlite3.h>

namespace billing::sqlite {

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

bool hasOpenTransaction(const Connection& connection)
{
    return sqlite3_get_autocommit(connection.handle()) == 0;
}

Result<void> commit(Connection& connection)
{
    if (!hasOpenTransaction(connection))
        return Error{
            ErrorCode::StorageUnavailable, {}, "the engine gave the transaction up before its commit"};
    return connection.run("COMMIT");
}

/// The refusal that led here matters more than a failing ROLLBACK, which can only follow from it.
void rollBack(Connection& connection)
{
    if (hasOpenTransaction(connection))
        static_cast<void>(connection.run("ROLLBACK"));
}

} // namespace

Result<void> runInTransaction(Connection& connection, Access access, const Scope& scope,
                              const Storage::Body& body)
{
    if (const auto begun = connection.run(access == Access::Write ? "BEGIN IMMEDIATE" : "BEGIN"); !begun)
        return begun;
    Result<void> outcome;
    {
        const InsideBody inside;
        Work work(connection.session(), scope);
        outcome = body(work);
    }
    if (outcome)
        outcome = commit(connection);
    if (!outcome)
        rollBack(connection);
    return outcome;
}

void assertOutsideBody()
{
    BILLING_ASSERT(!isInsideBody);
}

} // namespace billing::sqlite
