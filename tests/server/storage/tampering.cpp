#include "tests/server/storage/tampering.h"

#include "shared/kernel/assert.h"
#include "tests/support/postgres_rows.h"

#include <cstdio>
#include <regex>
#include <sqlite3.h>

namespace billing::test {

namespace {

// SQLite's names for bytes, and nothing in the way of the statements after it.
constexpr const char* postgresPrelude = R"sql(
SET session_replication_role = replica;
SET client_min_messages = error;
DO $$
DECLARE
    found record;
BEGIN
    IF to_regtype('blob') IS NULL THEN
        CREATE DOMAIN blob AS bytea;
        CREATE FUNCTION zeroblob(size int) RETURNS bytea LANGUAGE sql AS
            $f$SELECT decode(repeat('00', size), 'hex')$f$;
        CREATE FUNCTION randomblob(size int) RETURNS bytea LANGUAGE sql AS
            $f$SELECT substr(decode(md5(random()::text) || md5(random()::text), 'hex'), 1, size)$f$;
        CREATE FUNCTION smaller(a bytea, b bytea) RETURNS bytea LANGUAGE sql STRICT AS
            $f$SELECT CASE WHEN a < b THEN a ELSE b END$f$;
        CREATE AGGREGATE min(bytea) (SFUNC = smaller, STYPE = bytea);
    END IF;
    FOR found IN
        SELECT conrelid::regclass AS place, conname AS name FROM pg_constraint
        WHERE contype = 'c' AND coninhcount = 0 AND conrelid <> 0 AND connamespace = current_schema()::regnamespace
    LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', found.place, found.name);
    END LOOP;
END
$$;
)sql";

} // namespace

void tamperSqlite(const std::filesystem::path& file, const std::string& sql)
{
    sqlite3* handle = nullptr;
    BILLING_ASSERT(sqlite3_open(file.c_str(), &handle) == SQLITE_OK);
    const std::string script =
        "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON;"
        "DROP TRIGGER IF EXISTS ledger_transaction_no_update; DROP TRIGGER IF EXISTS "
        "ledger_transaction_no_delete;"
        "DROP TRIGGER IF EXISTS ledger_entry_no_update; DROP TRIGGER IF EXISTS ledger_entry_no_delete;"
        "DROP TRIGGER IF EXISTS audit_entry_no_update; DROP TRIGGER IF EXISTS audit_entry_no_delete;" +
        sql;
    char* message = nullptr;
    const int code = sqlite3_exec(handle, script.c_str(), nullptr, nullptr, &message);
    if (code != SQLITE_OK)
        std::fprintf(stderr, "%s: %s\n", sql.c_str(), message);
    BILLING_ASSERT(code == SQLITE_OK);
    BILLING_ASSERT(sqlite3_changes(handle) > 0);
    sqlite3_close(handle);
}

void tamperPostgres(const std::string& connection, const std::string& sql)
{
    static const std::regex bytes("\\bx'([0-9a-fA-F]*)'");
    const std::string told = std::regex_replace(sql, bytes, "'\\x$1'::bytea");
    const PostgresAnswer answer = askPostgres(connection, postgresPrelude + told);
    if (!answer.state.empty())
        std::fprintf(stderr, "%s: %s\n", told.c_str(), answer.message.c_str());
    BILLING_ASSERT(answer.state.empty());
    BILLING_ASSERT(answer.changed > 0);
}

} // namespace billing::test
