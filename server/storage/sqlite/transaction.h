// Runs a body in one transaction of a connection: committed when the body returns without a refusal, rolled
// back otherwise. Knows that SQLite ends a transaction by itself after a full disk or an I/O error, and then
// never claims success. Thread: the connection's.
#pragma once

#include "server/storage/sqlite/connection.h"
#include "server/storage/storage.h"

namespace billing::sqlite {

/// Refuses what the body refuses, then StorageBusy, StorageFull, StorageUnavailable, StorageCorrupt.
Result<void> runInTransaction(Connection& connection, Access access, const Scope& scope,
                              const Storage::Body& body);

/// Asserts that the calling thread is not inside a body.
void assertOutsideBody();

} // namespace billing::sqlite
