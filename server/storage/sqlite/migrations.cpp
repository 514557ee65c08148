#include "server/storage/sqlite/migrations.h"

#include "server/storage/sqlite/sqlite_error.h"
#include "server/storage/sqlite/sqlite_session.h"

#include <QCryptographicHash>

#include <sqlite3.h>

#include <string>
#include <vector>

namespace billing::sqlite {

namespace {

struct Applied
{
    std::int64_t version;
    std::string sha256;
};

std::string sha256(std::string_view text)
{
    const QByteArrayView bytes(text.data(), static_cast<qsizetype>(text.size()));
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex().toStdString();
}

Result<std::vector<Applied>> appliedMigrations(Connection& connection)
{
    const auto made = connection.run("CREATE TABLE IF NOT EXISTS schema_migration ("
                                     " version INTEGER NOT NULL PRIMARY KEY,"
                                     " name TEXT NOT NULL,"
                                     " sha256 TEXT NOT NULL,"
                                     " applied_at INTEGER NOT NULL) STRICT");
    if (!made)
        return made.error();
    std::vector<Applied> applied;
    const auto read = connection.session().query(
        "SELECT version, sha256 FROM schema_migration ORDER BY version", {}, [&](const sql::Row& row) {
            applied.push_back({row.integer(0), row.text(1)});
            return Result<void>();
        });
    if (!read)
        return read.error();
    return applied;
}

Result<void> runScript(Connection& connection, const Migration& migration)
{
    // A script is ours, but its refusal must not end the program: it can depend on the rows it meets.
    const std::string script(migration.script);
    char* message = nullptr;
    const int code = sqlite3_exec(connection.handle(), script.c_str(), nullptr, nullptr, &message);
    const std::string why = message == nullptr ? std::string() : std::string(message);
    sqlite3_free(message);
    if (code == SQLITE_OK)
        return {};
    return Error{ErrorCode::MigrationFailed, std::string(migration.name), why};
}

Result<void> record(Connection& connection, const Migration& migration, Instant at)
{
    const std::string checksum = sha256(migration.script);
    const auto inserted = connection.session().execute(
        "INSERT INTO schema_migration (version, name, sha256, applied_at) VALUES (?, ?, ?, ?)",
        {std::int64_t{migration.version}, migration.name, checksum, at.micros()});
    return inserted ? Result<void>() : inserted.error();
}

Result<void> applyOne(Connection& connection, const Migration& migration, Instant at)
{
    if (const auto begun = connection.run("BEGIN IMMEDIATE"); !begun)
        return begun;
    Result<void> done = runScript(connection, migration);
    if (done)
        done = record(connection, migration, at);
    if (done)
        done = connection.run("COMMIT");
    if (!done && sqlite3_get_autocommit(connection.handle()) == 0) {
        if (const auto undone = connection.run("ROLLBACK"); !undone)
            return undone;
    }
    return done;
}

} // namespace

Result<void> migrate(Connection& connection, std::span<const Migration> migrations, Instant at)
{
    const auto applied = appliedMigrations(connection);
    if (!applied)
        return applied.error();
    if (applied->size() > migrations.size())
        return Error{ErrorCode::MigrationFailed, "schema_migration", "the file is of a newer release"};
    for (std::size_t index = 0; index < migrations.size(); ++index) {
        const Migration& migration = migrations[index];
        BILLING_ASSERT(migration.version == static_cast<int>(index) + 1);
        if (index >= applied->size()) {
            if (const auto done = applyOne(connection, migration, at); !done)
                return done;
            continue;
        }
        const Applied& before = (*applied)[index];
        if (before.version != migration.version || before.sha256 != sha256(migration.script))
            return Error{ErrorCode::MigrationFailed, std::string(migration.name),
                         "it ran on this file with other text"};
    }
    return {};
}

} // namespace billing::sqlite
