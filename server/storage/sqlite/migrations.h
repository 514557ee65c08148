// Brings the schema of a SQLite file to what this program knows: numbered scripts, forward only, each in its
// own transaction together with its row in schema_migration. Refuses MigrationFailed when the file knows a
// script this program does not (it is newer), when a script that already ran has other text by now, or when a
// script does not run; the file is then as before that script.
#pragma once

#include "server/storage/sqlite/connection.h"

#include "shared/kernel/instant.h"

#include <span>
#include <string_view>

namespace billing::sqlite {

struct Migration
{
    int version; ///< 1, 2, 3, ... without gaps
    std::string_view name;
    std::string_view script;
};

/// The scripts of resources/migrations/sqlite, compiled in.
std::span<const Migration> knownMigrations();

Result<void> migrate(Connection& connection, std::span<const Migration> migrations, Instant at);

} // namespace billing::sqlite
