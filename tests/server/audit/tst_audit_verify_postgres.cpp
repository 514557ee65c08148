// The program that checks the audit log without a line of the server's code, on PostgreSQL: how it is told
// where that is, when it refuses to check, and that it neither overlooks rows nor believes another table.
// What it finds in a log that was altered is asked in tst_audit.
// Tests: verify/postgres_entries.cpp
#include "tests/server/audit/audit_log.h"
#include "tests/support/postgres_rows.h"

#include <QTest>

#include <fstream>

using namespace billing;
using namespace billing::test;

namespace {

constexpr auto sound = "checked entries=44 chains=3 checkpoints=3 findings=0\n";

} // namespace

class TestAuditVerifyPostgres : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void refusesToCheck_data();
    void refusesToCheck();
    void isToldByTheEnvironment();
    void checksBesideARunningServer();
    void anotherTableIsNotBelieved();
    void hiddenRowsAreMissed();
    void otherColumnsAreNotRead();

private:
    const PostgresServer::Database& database() const { return m_log->fixture().database(); }

    std::unique_ptr<AuditLog> m_log;
};

void TestAuditVerifyPostgres::initTestCase()
{
    PostgresServer::skipTestIfAbsent();
    qputenv("BILLING_TEST_ENGINE", "postgresql");
    m_log = std::make_unique<AuditLog>();
    QCOMPARE(m_log->runProgram().output, std::string(sound));
}

void TestAuditVerifyPostgres::refusesToCheck_data()
{
    QTest::addColumn<QString>("more");
    QTest::addColumn<QString>("password");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* name, const char* more, const char* password, const char* says) {
        QTest::newRow(name) << QString::fromUtf8(more) << QString::fromUtf8(password)
                            << QString::fromUtf8(says);
    };
    row("a password on the command line", " password=secret", "right", "without a password");
    row("no connection string", " nothing=here", "right", "without a password");
    row("no password", "", "", "no password supplied");
    row("another password", "", "wrong", "password authentication failed");
    row("another database", " dbname=postgres", "right", "PostgreSQL: ");
    row("nobody there", " host=/nowhere", "right", "No such file");
}

void TestAuditVerifyPostgres::refusesToCheck()
{
    QFETCH(QString, more);
    QFETCH(QString, password);
    QFETCH(QString, says);
    AuditLog::Environment environment;
    if (!password.isEmpty())
        environment["PGPASSWORD"] =
            password == QStringLiteral("right") ? database().password : password.toStdString();
    const Finished program =
        m_log->runProgram("--connection", database().connection + more.toStdString(), environment);
    QCOMPARE(program.exitCode, 2);
    QVERIFY2(program.errors.find(says.toStdString()) != std::string::npos, program.errors.c_str());
    QVERIFY(program.errors.find("secret") == std::string::npos);
}

void TestAuditVerifyPostgres::isToldByTheEnvironment()
{
    const auto file = m_log->fixture().directory().file("pgpass");
    std::ofstream(file) << "*:*:*:" << database().app << ':' << database().password << '\n';
    std::filesystem::permissions(file,
                                 std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    const auto services = m_log->fixture().directory().file("services");
    std::string lines = database().connection;
    for (char& letter : lines)
        letter = letter == ' ' ? '\n' : letter == '\'' ? '\0' : letter;
    std::erase(lines, '\0');
    std::ofstream(services) << "[books]\n" << lines << '\n';
    const Finished program = m_log->runProgram(
        "--connection", "",
        {{"PGPASSFILE", file.string()}, {"PGSERVICEFILE", services.string()}, {"PGSERVICE", "books"}});
    QCOMPARE(program.errors, std::string());
    QCOMPARE(program.output, std::string(sound));
}

void TestAuditVerifyPostgres::checksBesideARunningServer()
{
    m_log->fixture().reopen();
    QCOMPARE(m_log->runProgram().output, std::string(sound));
    m_log->fixture().close();
}

void TestAuditVerifyPostgres::anotherTableIsNotBelieved()
{
    const std::string app = database().app;
    postgresRows(database().superConnection,
                 "CREATE SCHEMA " + app + " AUTHORIZATION " + app + "; CREATE TABLE " + app +
                     ".audit_entry AS SELECT * FROM audit_entry; GRANT ALL ON " + app +
                     ".audit_entry TO billing_all_tenants; ALTER ROLE " + app + " SET search_path = " + app);
    postgresRows(database().superConnection, "BEGIN; SET LOCAL session_replication_role = replica;"
                                             "CREATE TABLE kept AS SELECT * FROM audit_entry;"
                                             "DELETE FROM audit_entry WHERE seq > 30; COMMIT");
    const Finished program = m_log->runProgram();
    postgresRows(database().superConnection,
                 "BEGIN; SET LOCAL session_replication_role = replica;"
                 "TRUNCATE audit_entry; INSERT INTO audit_entry SELECT * FROM kept; DROP TABLE kept; COMMIT");
    QCOMPARE(program.exitCode, 1);
    QCOMPARE(m_log->runProgram().output, std::string(sound));
}

/// A policy that hides rows from the server hides them from this program, which misses what was signed; from
/// a role that the policies do not know it gets a refusal, not half of the rows.
void TestAuditVerifyPostgres::hiddenRowsAreMissed()
{
    postgresRows(database().superConnection, "CREATE POLICY hide ON audit_entry AS RESTRICTIVE"
                                             " USING (tenant_id <> 'nova' OR seq <= 30)");
    const Finished program = m_log->runProgram();
    postgresRows(database().superConnection, "DROP POLICY hide ON audit_entry");
    QVERIFY2(program.output.find("finding chain=nova first_bad=31 ") != std::string::npos,
             program.output.c_str());

    const std::string stranger = "stranger_of_" + database().name;
    postgresRows(database().superConnection,
                 "CREATE ROLE " + stranger + " LOGIN PASSWORD 'x'; GRANT CONNECT ON DATABASE " +
                     database().name + " TO " + stranger + "; GRANT SELECT ON audit_entry TO " + stranger);
    const Finished blind =
        m_log->runProgram("--connection", database().connection + " user=" + stranger, {{"PGPASSWORD", "x"}});
    QCOMPARE(blind.exitCode, 2);
    QVERIFY2(blind.errors.find("row-level security") != std::string::npos, blind.errors.c_str());
    postgresRows(database().superConnection, "ALTER ROLE " + stranger + " BYPASSRLS");
    QCOMPARE(
        m_log->runProgram("--connection", database().connection + " user=" + stranger, {{"PGPASSWORD", "x"}})
            .output,
        std::string(sound));
}

void TestAuditVerifyPostgres::otherColumnsAreNotRead()
{
    postgresRows(database().superConnection, "ALTER TABLE audit_entry ALTER COLUMN at TYPE NUMERIC");
    const Finished program = m_log->runProgram();
    postgresRows(database().superConnection, "ALTER TABLE audit_entry ALTER COLUMN at TYPE BIGINT");
    QCOMPARE(program.exitCode, 2);
    QVERIFY(program.errors.find("other types") != std::string::npos);
}

QTEST_GUILESS_MAIN(TestAuditVerifyPostgres)

#include "tst_audit_verify_postgres.moc"
