// What a scope cannot see or do on PostgreSQL, with raw SQL in its hands: rows of another tenant, anything
// before a scope was taken on or after it was given back, changes of ledger and audit log. And what
// check-invariants says when the protection itself is taken away.
// Tests: server/storage/invariants.cpp
#include "server/storage/invariants.h"
#include "tests/server/storage/postgres/open_postgres.h"
#include "tests/support/printing.h"

#include <QTest>

using namespace billing;
using namespace billing::test;

namespace {

const Scope alpha = Scope::tenant(TenantId("alpha"));

/// Every table of class tenant, with a row of alpha and one of beta in each.
const std::vector<std::string> tenantTables{
    "audit_entry",  "event_identity", "invoice",        "invoice_document",   "invoice_line",
    "invoice_tax",  "invoice_usage",  "ledger_entry",   "ledger_transaction", "set_aside",
    "subscription", "tenant",         "unlisted_value", "usage_block",        "usage_conflict",
    "usage_head",   "usage_rollup"};

std::string rowsOf(const std::string& tenant)
{
    const std::string t = "'" + tenant + "'";
    const std::string hash = "decode(repeat('00', 32), 'hex')";
    return "INSERT INTO tenant VALUES (" + t +
           ", '', '', '', '', '', '', '', 0);"
           "INSERT INTO subscription VALUES (" +
           t +
           ", 's', 'lite', 1, '', '', '', '', NULL, 0);"
           "INSERT INTO usage_head VALUES (" +
           t +
           ", 1);"
           "INSERT INTO event_identity VALUES (" +
           t + ", decode(repeat('00', 16), 'hex'), " + hash +
           ", 0);"
           "INSERT INTO usage_block SELECT " +
           t +
           ", 1773576000000000, 1, 0, 1773576000000000, 1, "
           "'[[1773576000000000,\"\",\"e\",\"m\",\"1\",\"\",1]]';"
           "INSERT INTO usage_rollup VALUES (" +
           t +
           ", '', 1, '', 0, '', 1);"
           "INSERT INTO usage_conflict VALUES (" +
           t + ", 1, 1, '', '', " + hash +
           ");"
           "INSERT INTO set_aside VALUES (" +
           t +
           ", 'period', 's/2026-01-01', 'no_tax_rate', '', '', 1, 0, 0, 0);"
           "INSERT INTO unlisted_value VALUES (" +
           t +
           ", 'm', 'model', 'GPT4', 0);"
           "INSERT INTO invoice VALUES (" +
           t +
           ", 'i', 's', 'draft', '', '', NULL, NULL, '', '', 0, 1, '', 0, 0, 0,"
           " NULL, NULL, 0, NULL, '', '');"
           "INSERT INTO invoice_line VALUES (" +
           t +
           ", 'i', 1, '', NULL, '', 1, 1, 1, '', '', 1);"
           "INSERT INTO invoice_tax VALUES (" +
           t +
           ", 'i', 1, '', '', 1, 1, 1);"
           "INSERT INTO invoice_usage VALUES (" +
           t +
           ", 'i', '', 1, '', 0, 1, 0, 1, 1, 1, 'billed');"
           "INSERT INTO invoice_document VALUES (" +
           t + ", 'i', " + hash +
           ", 1, '', 1, 0);"
           "INSERT INTO ledger_transaction VALUES (" +
           t +
           ", 't', '', '', 0);"
           "INSERT INTO ledger_entry VALUES (" +
           t +
           ", 't', 1, '', '', '', 1);"
           "INSERT INTO audit_entry VALUES (" +
           t + ", 1, 0, '', '', '', '', " + hash + ", " + hash +
           ");"
           "INSERT INTO idempotency_key VALUES ('tenant:" +
           tenant + "', 'k', " + hash + ", 200, '', 0);";
}

} // namespace

class TestScopeIsolation : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void tenantSeesItsOwnRowsOnly_data() { tables(); }
    void tenantSeesItsOwnRowsOnly();
    void tenantWritesItsOwnRowsOnly_data();
    void tenantWritesItsOwnRowsOnly();
    void tenantSeesNoBodyOfTheJournal();
    void systemSeesItsOwnChainOnly_data() { tables(); }
    void systemSeesItsOwnChainOnly();
    void withoutAScopeNothingIsSeen_data() { tables(); }
    void withoutAScopeNothingIsSeen();
    void strangeTenantsSeeNothing_data();
    void strangeTenantsSeeNothing();
    void partitionsAreClosed();
    void growingTablesCannotBeChanged_data();
    void growingTablesCannotBeChanged();
    void scopeCannotBeLeft_data();
    void scopeCannotBeLeft();
    void protectionThatIsGoneIsFound_data();
    void protectionThatIsGoneIsFound();

private:
    static void tables();
    PostgresAnswer asApp(const std::string& sql) const
    {
        return askPostgres(
            m_open->database().connection + " password=" + connectionValue(m_open->database().password), sql);
    }
    std::string breaches() const;

    std::unique_ptr<OpenPostgres> m_open;
};

void TestScopeIsolation::tables()
{
    QTest::addColumn<QByteArray>("table");
    for (const std::string& table : tenantTables)
        QTest::newRow(table.c_str()) << QByteArray::fromStdString(table);
}

void TestScopeIsolation::initTestCase()
{
    m_open = std::make_unique<OpenPostgres>();
    const std::string hash = "decode(repeat('00', 32), 'hex')";
    postgresRows(m_open->database().superConnection,
                 "INSERT INTO plan_version VALUES ('lite', 1, 1, '');" + rowsOf("alpha") + rowsOf("beta") +
                     "INSERT INTO audit_entry VALUES ('', 1, 0, '', '', '', '', " + hash + ", " + hash +
                     ");"
                     "INSERT INTO usage_journal (received_at, event_count, body) VALUES (0, 1, 'secret');");
}

void TestScopeIsolation::tenantSeesItsOwnRowsOnly()
{
    QFETCH(QByteArray, table);
    const std::string from = " FROM " + table.toStdString();
    QVERIFY(m_open->truth("SELECT count(*)" + from) >= "2");
    QCOMPARE(m_open->number(alpha, "SELECT count(*)" + from).value(), std::int64_t{1});
    QCOMPARE(m_open->number(alpha, "SELECT count(*)" + from + " WHERE tenant_id <> 'alpha'").value(),
             std::int64_t{0});
    QVERIFY(m_open->number(Scope::allTenants("test"), "SELECT count(*)" + from).value() >= 2);
}

void TestScopeIsolation::tenantWritesItsOwnRowsOnly_data()
{
    QTest::addColumn<QString>("sql");
    QTest::addColumn<bool>("refused"); // else it changes nothing
    const auto row = [](const char* sql, bool refused) {
        QTest::newRow(sql) << QString::fromUtf8(sql) << refused;
    };
    row("INSERT INTO usage_head VALUES ('gamma', 1)", true);
    row("INSERT INTO ledger_transaction VALUES ('beta', 'x', 'x', 'x', 0)", true);
    row("INSERT INTO audit_entry SELECT '', 2, at, actor, action, object, body, previous_hash, hash FROM "
        "audit_entry",
        true);
    row("UPDATE tenant SET tenant_id = 'beta2' WHERE tenant_id = 'alpha'", true);
    row("INSERT INTO idempotency_key SELECT 'tenant:beta', 'x', request_sha256, 200, '', 0 FROM "
        "idempotency_key",
        true);
    row("INSERT INTO usage_block VALUES ('alpha', 1773576000000000, 9, 0, 1773576000000000, 1, '[]')", true);
    row("INSERT INTO plan_version VALUES ('free', 1, 1, '')", true);
    row("SELECT make_usage_month(700)", true);
    row("UPDATE tenant SET legal_name = 'x' WHERE tenant_id = 'beta'", false);
    row("DELETE FROM invoice_line WHERE tenant_id = 'beta'", false);
}

void TestScopeIsolation::tenantWritesItsOwnRowsOnly()
{
    QFETCH(QString, sql);
    QFETCH(bool, refused);
    const auto done = m_open->execute(alpha, sql.toStdString());
    if (refused)
        QCOMPARE(done.error().code, ErrorCode::ConstraintViolated);
    else
        QCOMPARE(done.value(), std::int64_t{0});
}

void TestScopeIsolation::tenantSeesNoBodyOfTheJournal()
{
    QCOMPARE(m_open->number(alpha, "SELECT position FROM usage_journal").value(), std::int64_t{1});
    QCOMPARE(m_open->number(alpha, "SELECT length(body) FROM usage_journal").error().code,
             ErrorCode::ConstraintViolated);
    QCOMPARE(m_open->number(alpha, "SELECT count(*) FROM idempotency_key").value(), std::int64_t{1});
}

void TestScopeIsolation::systemSeesItsOwnChainOnly()
{
    QFETCH(QByteArray, table);
    const auto seen = m_open->number(Scope::system("test"), "SELECT count(*) FROM " + table.toStdString());
    if (table == "audit_entry")
        QCOMPARE(seen.value(), std::int64_t{1});
    else
        QCOMPARE(seen.error().code, ErrorCode::ConstraintViolated);
}

void TestScopeIsolation::withoutAScopeNothingIsSeen()
{
    QFETCH(QByteArray, table);
    const std::string select = "SELECT 1 FROM " + table.toStdString();
    QCOMPARE(asApp(select).state, std::string("42501"));
    const auto none = asApp("SET ROLE billing_tenant; " + select);
    QVERIFY(none.state.empty() && none.rows.empty());
    // What a connection is after a transaction in a scope, when the next one forgets to take one on.
    const auto after =
        asApp("BEGIN; SET LOCAL ROLE billing_tenant; SET LOCAL billing.tenant = 'alpha'; COMMIT; " + select);
    QCOMPARE(after.state, std::string("42501"));
    const auto again =
        asApp("BEGIN; SET LOCAL billing.tenant = 'alpha'; COMMIT; SET ROLE billing_tenant; " + select);
    QVERIFY(again.state.empty() && again.rows.empty());
}

void TestScopeIsolation::strangeTenantsSeeNothing_data()
{
    QTest::addColumn<QByteArray>("tenant");
    for (const char* tenant : {"", "'", "' OR '1'='1", "alpha'; SET LOCAL ROLE billing_all_tenants; --",
                               "alph_", "%", "ALPHA", "alpha ", "\\", "alpha\\' --"})
        QTest::newRow(tenant) << QByteArray(tenant);
}

void TestScopeIsolation::strangeTenantsSeeNothing()
{
    QFETCH(QByteArray, tenant);
    const Scope scope = Scope::tenant(TenantId(tenant.toStdString()));
    QCOMPARE(m_open->number(scope, "SELECT count(*) FROM tenant").value(), std::int64_t{0});
    QCOMPARE(m_open->number(scope, "SELECT count(*) FROM audit_entry").value(), std::int64_t{0});
    QCOMPARE(m_open->execute(scope, "DELETE FROM invoice_line").value(), std::int64_t{0});
}

void TestScopeIsolation::partitionsAreClosed()
{
    for (const char* part : {"event_identity_00", "usage_block_202603"})
        for (const Scope& scope : {alpha, Scope::allTenants("test"), Scope::system("test")})
            QCOMPARE(m_open->number(scope, std::string("SELECT count(*) FROM ") + part).error().code,
                     ErrorCode::ConstraintViolated);
}

void TestScopeIsolation::growingTablesCannotBeChanged_data()
{
    QTest::addColumn<QByteArray>("sql");
    for (const char* table : {"ledger_transaction", "ledger_entry", "audit_entry"})
        for (const std::string& verb : {std::string("UPDATE % SET tenant_id = tenant_id"),
                                        std::string("DELETE FROM %"), std::string("TRUNCATE % CASCADE")}) {
            std::string sql = verb;
            sql.replace(sql.find('%'), 1, table);
            QTest::newRow(sql.c_str()) << QByteArray::fromStdString(sql);
        }
}

void TestScopeIsolation::growingTablesCannotBeChanged()
{
    QFETCH(QByteArray, sql);
    for (const Scope& scope : {alpha, Scope::allTenants("test"), Scope::system("test")}) {
        const auto done = m_open->execute(scope, sql.toStdString());
        QCOMPARE(done.error().code, ErrorCode::ConstraintViolated);
        QVERIFY(QString::fromStdString(done.error().subject).startsWith(QStringLiteral("permission denied")));
    }
    // Whoever has the privilege meets the trigger.
    QCOMPARE(askPostgres(m_open->database().superConnection, sql.toStdString()).state, std::string("P0001"));
}

void TestScopeIsolation::scopeCannotBeLeft_data()
{
    QTest::addColumn<QByteArray>("sql");
    for (const char* sql :
         {"SET row_security = off; SELECT 1 FROM tenant", "ALTER TABLE tenant DISABLE ROW LEVEL SECURITY",
          "CREATE TABLE mine (id BIGINT)", "SET SESSION AUTHORIZATION postgres",
          "ALTER TABLE ledger_entry DISABLE TRIGGER ALL", "SET session_replication_role = replica",
          "CREATE POLICY mine ON tenant USING (true)", "SET ROLE postgres", "DROP TABLE meter"})
        QTest::newRow(sql) << QByteArray(sql);
}

void TestScopeIsolation::scopeCannotBeLeft()
{
    QFETCH(QByteArray, sql);
    for (const char* role : {"", "SET ROLE billing_tenant; ", "SET ROLE billing_all_tenants; "}) {
        const auto answer = asApp(role + sql.toStdString());
        // With row security off, whoever may see all rows anyway is not refused.
        if (!(sql.startsWith("SET row_security") &&
              std::string_view(role).find("all_tenants") != std::string_view::npos))
            QCOMPARE(answer.state, std::string("42501"));
    }
}

std::string TestScopeIsolation::breaches() const
{
    std::string found;
    const auto done = m_open->storage().read(Scope::allTenants("test"), [&](Work& work) {
        return storage::engineBreaches(work, [&](const storage::Breach& breach) -> Result<void> {
            found += breach.invariant + " " + breach.subject + "; ";
            return {};
        });
    });
    return done ? found : toText(done.error());
}

void TestScopeIsolation::protectionThatIsGoneIsFound_data()
{
    QTest::addColumn<QString>("breakIt");
    QTest::addColumn<QString>("mendIt");
    QTest::addColumn<QString>("found");
    const auto row = [](const char* name, const char* broken, const char* mended, const char* found) {
        QTest::newRow(name) << QString::fromUtf8(broken) << QString::fromUtf8(mended)
                            << QString::fromUtf8(found);
    };
    row("row security off", "ALTER TABLE invoice DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE invoice ENABLE ROW LEVEL SECURITY", "I19 table:invoice; ");
    row("not forced", "ALTER TABLE event_identity_07 NO FORCE ROW LEVEL SECURITY",
        "ALTER TABLE event_identity_07 FORCE ROW LEVEL SECURITY", "I19 table:event_identity_07; ");
    row("a new table forgot it", "CREATE TABLE novel (tenant_id TEXT)", "DROP TABLE novel",
        "I19 table:novel; ");
    row("bypass", "ALTER ROLE APP BYPASSRLS", "ALTER ROLE APP NOBYPASSRLS", "I19 role:APP; ");
    row("inherits", "ALTER ROLE APP INHERIT", "ALTER ROLE APP NOINHERIT",
        "I19 role:APP; "); // its privileges on the ledger are no larger
    row("owns", "ALTER TABLE meter OWNER TO APP", "ALTER TABLE meter OWNER TO OWNER", "I19 role:APP; ");
    row("may create", "GRANT CREATE ON SCHEMA public TO APP", "REVOKE CREATE ON SCHEMA public FROM APP",
        "I19 role:APP; ");
    row("may change the ledger", "GRANT UPDATE ON ledger_entry TO APP",
        "REVOKE UPDATE ON ledger_entry FROM APP", "I19 role:APP; ");
    row("trigger off", "ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_append_only",
        "ALTER TABLE audit_entry ENABLE TRIGGER audit_entry_append_only", "I19 table:audit_entry; ");
    row("orphan",
        "SET session_replication_role = replica; INSERT INTO invoice_line VALUES ('alpha', 'gone', 1, '', "
        "NULL, '', 1, 1, 1, '', '', 1)",
        "DELETE FROM invoice_line WHERE invoice_id = 'gone'", "I24 invoice_line; ");
}

void TestScopeIsolation::protectionThatIsGoneIsFound()
{
    QFETCH(QString, breakIt);
    QFETCH(QString, mendIt);
    QFETCH(QString, found);
    const auto run = [&](QString sql) {
        sql.replace(QStringLiteral("OWNER TO OWNER"),
                    QStringLiteral("OWNER TO ") + QString::fromStdString(m_open->database().owner));
        sql.replace(QStringLiteral("APP"), QString::fromStdString(m_open->database().app));
        return sql;
    };
    QCOMPARE(breaches(), std::string());
    postgresRows(m_open->database().superConnection, run(breakIt).toStdString());
    const std::string seen = breaches();
    postgresRows(m_open->database().superConnection, run(mendIt).toStdString());
    QCOMPARE(QString::fromStdString(seen), run(found));
    QCOMPARE(breaches(), std::string());
}

QTEST_GUILESS_MAIN(TestScopeIsolation)
#include "tst_scope_isolation.moc"
