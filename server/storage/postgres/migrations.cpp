#include "server/storage/postgres/migrations.h"

#include "server/storage/usage_months.h"

#include <QCryptographicHash>

#include <string>
#include <vector>

namespace billing::postgres {

namespace {

/// Roles belong to the whole cluster: another database's server may change them in the same moment, and the
/// engine then refuses one of both.
constexpr int mostTries = 5;

std::string sha256(std::string_view text)
{
    const QByteArrayView bytes(text.data(), static_cast<qsizetype>(text.size()));
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex().toStdString();
}

Error failed(std::string_view name, const Error& error)
{
    const std::string why = error.detail.empty() ? error.subject : error.subject + " " + error.detail;
    return {ErrorCode::MigrationFailed, std::string(name), why};
}

Result<void> makeTable(Connection& owner)
{
    const auto made = owner.run("CREATE TABLE IF NOT EXISTS schema_migration ("
                                " version BIGINT NOT NULL PRIMARY KEY,"
                                " name TEXT NOT NULL,"
                                " sha256 TEXT NOT NULL,"
                                " applied_at BIGINT NOT NULL)");
    return made ? made : failed("schema_migration", made.error());
}

/// "1 <sha256> 2 <sha256> ..." of what ran before, in order.
Result<std::string> applied(Connection& owner)
{
    return owner.ask("SELECT coalesce(string_agg(version || ' ' || sha256, ' ' ORDER BY version), '')"
                     " FROM schema_migration");
}

Result<std::size_t> verify(const std::string& before, std::span<const Migration> migrations)
{
    std::string known;
    for (std::size_t count = 0; count <= migrations.size(); ++count) {
        if (known == before)
            return count;
        if (count == migrations.size())
            break;
        known += (known.empty() ? "" : " ") + std::to_string(migrations[count].version) + " " +
                 sha256(migrations[count].script);
        if (!before.starts_with(known))
            return Error{ErrorCode::MigrationFailed, std::string(migrations[count].name),
                         "it ran on this database with other text"};
    }
    return Error{ErrorCode::MigrationFailed, "schema_migration", "the database is of a newer release"};
}

Result<void> applyOne(Connection& owner, const Migration& migration, Instant at)
{
    const auto ran = owner.run(std::string(migration.script));
    if (!ran)
        return failed(migration.name, ran.error());
    return owner.run("INSERT INTO schema_migration (version, name, sha256, applied_at) VALUES (" +
                     std::to_string(migration.version) + ", " + owner.literal(migration.name) + ", '" +
                     sha256(migration.script) + "', " + std::to_string(at.micros()) + ")");
}

/// Inside one transaction of the owner, alone among all servers; answers how many scripts had run before.
Result<bool> applyNext(Connection& owner, std::span<const Migration> migrations, Instant at)
{
    const auto alone = owner.run("SELECT pg_advisory_xact_lock(hashtextextended('schema_migration', 0))");
    if (!alone)
        return alone.error();
    if (const auto made = makeTable(owner); !made)
        return made.error();
    const auto before = applied(owner);
    if (!before)
        return before.error();
    const auto count = verify(*before, migrations);
    if (!count)
        return count.error();
    if (*count == migrations.size())
        return false;
    const auto done = applyOne(owner, migrations[*count], at);
    return done ? Result<bool>(true) : done.error();
}

} // namespace

Result<void> migrate(Connection& owner, std::span<const Migration> migrations, Instant at)
{
    for (std::size_t i = 0; i < migrations.size(); ++i)
        BILLING_ASSERT(migrations[i].version == static_cast<int>(i) + 1);
    for (bool goesOn = true; goesOn;) {
        owner.forgetRefusal();
        if (const auto begun = owner.run("BEGIN"); !begun)
            return begun;
        const auto applied = applyNext(owner, migrations, at);
        if (const auto ended = owner.run(applied ? "COMMIT" : "ROLLBACK"); applied && !ended)
            return ended;
        if (!applied)
            return applied.error();
        goesOn = *applied;
    }
    return {};
}

Result<void> admit(Connection& owner, const std::string& loginRole)
{
    const std::string role = owner.literal(loginRole);
    const std::string script =
        "DO $$ DECLARE login TEXT := " + role +
        "; wanted TEXT; BEGIN"
        " IF EXISTS (SELECT FROM pg_roles WHERE rolname = login AND rolinherit AND NOT rolsuper) THEN"
        "  EXECUTE format('ALTER ROLE %I NOINHERIT', login);"
        " END IF;"
        " FOREACH wanted IN ARRAY ARRAY['billing_tenant', 'billing_all_tenants', 'billing_system'] LOOP"
        "  IF NOT pg_has_role(login, wanted, 'MEMBER') THEN"
        "   EXECUTE format('GRANT %I TO %I', wanted, login);"
        "  END IF;"
        " END LOOP; END $$";
    Result<void> done = owner.run(script);
    for (int tries = 1; !done && tries < mostTries; ++tries) {
        owner.forgetRefusal();
        done = owner.run(script);
    }
    return done ? done : failed("role " + loginRole, done.error());
}

Result<void> makeUsageMonths(Connection& owner, Instant from, int months)
{
    const std::int64_t first = storage::monthOf(from);
    return owner.run("SELECT make_usage_month(month) FROM generate_series(" + std::to_string(first) + ", " +
                     std::to_string(first + months - 1) + ") AS month");
}

} // namespace billing::postgres
