// One attempt at a unit of work on one connection: BEGIN with the scope's role and tenant, the body, COMMIT.
// What may be done after an attempt that failed is said beside its refusal; postgres_storage.cpp does it.
// Thread: the connection's.
#pragma once

#include "server/storage/postgres/connection.h"
#include "server/storage/storage.h"

namespace billing::postgres {

enum class Ending
{
    Final,    ///< done, or refused for good
    RunAgain, ///< nothing is left of it, and it may go well next time
    Lost,     ///< the same, and the connection is gone
    Silent,   ///< the same, and another try would only wait as long
    InDoubt   ///< the connection went while COMMIT was on its way
};

struct Attempt
{
    Result<void> outcome;
    Ending ending = Ending::Final;
    std::string transactionId = {}; ///< of a write that began
};

struct WriteJob
{
    const Scope& scope;
    Priority priority;
    const WorkId& workId;
    const Storage::Body& body;
};

Attempt tryWrite(Connection& connection, const WriteJob& job);
Attempt tryRead(Connection& connection, const Scope& scope, const Storage::Body& body);

/// Whether the transaction of that id was the last of this WorkId to commit. Refuses StorageBusy while the
/// server is busy with it, having waited 5 s for its end.
Result<bool> wasCommitted(Connection& connection, const WorkId& workId, const std::string& transactionId);

/// Forgets works so old that nobody can still be in doubt about them.
Result<void> forgetOldWorks(Connection& connection);

void assertOutsideBody();

} // namespace billing::postgres
