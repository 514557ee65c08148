// What SQLite's result codes mean to the house. SQLITE_FULL is StorageFull, BUSY and LOCKED are StorageBusy,
// CORRUPT and NOTADB are StorageCorrupt, CONSTRAINT is ConstraintViolated with the constraint as subject,
// TOOBIG (only our dec_sum says so) is AmountOverflow; everything else, an I/O error above all, is
// StorageUnavailable. SQL that the engine cannot read and statements misused are our own mistakes and assert.
#pragma once

#include "shared/kernel/error.h"

struct sqlite3;

namespace billing::sqlite {

/// code as the failed call returned it, extended or not; the message is read from the connection.
Error toError(sqlite3* handle, int code);

} // namespace billing::sqlite
