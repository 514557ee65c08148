// What PostgreSQL's SQLSTATEs mean to the house. 53100 is StorageFull; a lock or statement that took too
// long, too many connections, a deadlock and a serialization failure are StorageBusy; class 23, a value no
// column can hold, a trigger's refusal and a missing privilege are ConstraintViolated with the constraint (or
// the message) as subject; 22003 is AmountOverflow; damaged data is StorageCorrupt; everything else, a lost
// connection above all, is StorageUnavailable. SQL that the engine cannot read is our own mistake and
// asserts.
#pragma once

#include "shared/kernel/error.h"

#include <libpq-fe.h>

namespace billing::postgres {

/// What may be done about a refusal beside reporting it.
enum class Recovery
{
    None,
    RunAgain,  ///< the whole transaction, on the same connection
    Reconnect, ///< the same on another connection: this one is lost
    GiveUp     ///< the connection is lost, and another would probably wait as long for nothing
};

struct Refusal
{
    Error error;
    Recovery recovery;
};

/// result may be null, when libpq could not even make one.
Refusal toRefusal(const PGconn* connection, const PGresult* result);

} // namespace billing::postgres
