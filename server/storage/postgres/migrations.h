// Brings the schema of a database to what this program knows: numbered scripts, forward only, each in its own
// transaction together with its row in schema_migration. Servers that start at once take turns. Then lets the
// login role take on the scopes' roles, and nothing else. Refuses MigrationFailed when the database knows a
// script this program does not (it is newer), when a script that already ran has other text by now, or when a
// script does not run; the database is then as before that script.
#pragma once

#include "server/storage/postgres/connection.h"

#include "shared/kernel/instant.h"

#include <span>
#include <string_view>

namespace billing::postgres {

struct Migration
{
    int version; ///< 1, 2, 3, ... without gaps
    std::string_view name;
    std::string_view script;
};

/// The scripts of resources/migrations/postgres, compiled in.
std::span<const Migration> knownMigrations();

/// Through a connection of the owner.
Result<void> migrate(Connection& owner, std::span<const Migration> migrations, Instant at);

/// Without inheritance, so that the login role has a scope's rights only inside a transaction that took its
/// role on. Refuses MigrationFailed.
Result<void> admit(Connection& owner, const std::string& loginRole);

/// Partitions for the months from that of the instant on.
Result<void> makeUsageMonths(Connection& owner, Instant from, int months);

} // namespace billing::postgres
