// The database of PostgreSQL as one file and back, by PostgreSQL's own pg_dump and pg_restore: one snapshot,
// every object, in a format that outlives versions. pg_dump reads as backup_connection, a role that row-level
// security does not bind: any other would leave rows out, and pg_dump refuses it. Passwords reach the child
// through its environment, which only the same user can read. Blocks until the child ends.
#pragma once

#include "server/app/configuration.h"

namespace billing::app {

/// A new file in pg_dump's custom format. Refuses InvalidConfiguration without backup_connection,
/// StorageUnavailable with the child's first words otherwise.
Result<void> dumpPostgres(const StorageSettings& settings, const std::filesystem::path& file);

/// Into a database whose schema is this program's and which holds nothing else; in one transaction. Refuses
/// StorageUnavailable.
Result<void> restorePostgres(const StorageSettings& settings, const std::filesystem::path& file);

} // namespace billing::app
