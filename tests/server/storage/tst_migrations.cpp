// Schema scripts run once, in order, each whole or not at all; a file that knows more, or something else,
// than this program is refused.
// Tests: sqlite/migrations.cpp
#include "server/storage/sqlite/connection.h"
#include "server/storage/sqlite/migrations.h"
#include "server/storage/sqlite/sqlite_session.h"
#include "tests/support/temporary_directory.h"

#include <QTest>

using namespace billing;
using namespace billing::sqlite;
using namespace billing::test;

namespace {

const Instant at = Instant::fromMicros(1'700'000'000'000'000);

constexpr Migration first{1, "0001_first",
                          "CREATE TABLE one (a TEXT NOT NULL) STRICT; INSERT INTO one VALUES ('x');"};
constexpr Migration second{2, "0002_second", "CREATE TABLE two (b TEXT NOT NULL) STRICT;"};

std::unique_ptr<Connection> openFile(const TemporaryDirectory& directory)
{
    auto opened = Connection::open(directory.file("a.sqlite"), Access::Write);
    return std::move(opened.value());
}

std::string ask(Connection& connection, const char* sql)
{
    return connection.ask(sql).value();
}

} // namespace

class TestMigrations : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void newerFileIsRefused();
    void changedScriptIsRefused();
    void brokenScriptLeavesTheFileAsBefore();
    void runsOnceInOrder();
    void notesWhatRanAndWhen();
    void knownMigrationsRun();
    void knownMigrationsMakeStrictTables();
    void eventsMoveIntoBlocks();
};

void TestMigrations::newerFileIsRefused()
{
    const TemporaryDirectory directory;
    const auto connection = openFile(directory);
    QVERIFY(migrate(*connection, std::array{first, second}, at));
    const auto refused = migrate(*connection, std::array{first}, at);
    QCOMPARE(refused.error().code, ErrorCode::MigrationFailed);
}

void TestMigrations::changedScriptIsRefused()
{
    const TemporaryDirectory directory;
    const auto connection = openFile(directory);
    QVERIFY(migrate(*connection, std::array{first}, at));
    const Migration changed{1, "0001_first", "CREATE TABLE one (a TEXT) STRICT;"};
    const auto refused = migrate(*connection, std::array{changed, second}, at);
    QCOMPARE(refused.error().code, ErrorCode::MigrationFailed);
    QCOMPARE(refused.error().subject, "0001_first");
    QCOMPARE(ask(*connection, "SELECT count(*) FROM sqlite_schema WHERE name = 'two'"), "0");
}

void TestMigrations::brokenScriptLeavesTheFileAsBefore()
{
    const TemporaryDirectory directory;
    const auto connection = openFile(directory);
    const Migration broken{2, "0002_broken",
                           "DELETE FROM one; CREATE TABLE two (b TEXT); INSERT INTO nowhere VALUES (1);"};
    const auto refused = migrate(*connection, std::array{first, broken}, at);
    QCOMPARE(refused.error().code, ErrorCode::MigrationFailed);
    QCOMPARE(refused.error().subject, "0002_broken");
    QCOMPARE(ask(*connection, "SELECT count(*) FROM one"), "1");
    QCOMPARE(ask(*connection, "SELECT max(version) FROM schema_migration"), "1");
    QVERIFY(migrate(*connection, std::array{first, second}, at));
}

void TestMigrations::runsOnceInOrder()
{
    const TemporaryDirectory directory;
    {
        const auto connection = openFile(directory);
        QVERIFY(migrate(*connection, std::array{first}, at));
        QVERIFY(migrate(*connection, std::array{first}, at));
    }
    const auto connection = openFile(directory);
    QVERIFY(migrate(*connection, std::array{first, second}, at));
    QCOMPARE(ask(*connection, "SELECT count(*) FROM one"), "1");
    QCOMPARE(ask(*connection, "SELECT group_concat(version) FROM schema_migration"), "1,2");
}

void TestMigrations::notesWhatRanAndWhen()
{
    const TemporaryDirectory directory;
    const auto connection = openFile(directory);
    QVERIFY(migrate(*connection, std::array{first}, at));
    QCOMPARE(ask(*connection, "SELECT name || ' ' || applied_at FROM schema_migration"),
             "0001_first 1700000000000000");
    QCOMPARE(ask(*connection, "SELECT length(sha256) FROM schema_migration"), "64");
}

void TestMigrations::knownMigrationsRun()
{
    const TemporaryDirectory directory;
    const auto connection = openFile(directory);
    QVERIFY(!knownMigrations().empty());
    QVERIFY(migrate(*connection, knownMigrations(), at));
    QCOMPARE(ask(*connection, "SELECT count(*) FROM schema_migration"),
             std::to_string(knownMigrations().size()));
    QCOMPARE(ask(*connection, "PRAGMA foreign_key_check"), "");
}

void TestMigrations::knownMigrationsMakeStrictTables()
{
    const TemporaryDirectory directory;
    const auto connection = openFile(directory);
    QVERIFY(migrate(*connection, knownMigrations(), at));
    QCOMPARE(ask(*connection, "SELECT count(*) FROM pragma_table_list WHERE type = 'table' AND strict = 0"
                              " AND name NOT LIKE 'sqlite%'"),
             "0");
}

void TestMigrations::eventsMoveIntoBlocks()
{
    const TemporaryDirectory directory;
    const auto connection = openFile(directory);
    QVERIFY(migrate(*connection, knownMigrations().first(3), at));
    // 1,500 of one day out of order, one each just before, at and after midnight around the epoch, one of
    // another settling, one of another tenant.
    QVERIFY(connection->run(
        "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 1499) "
        "INSERT INTO usage_event SELECT 'nova', 1772358000000000 + (i * 7919) % 1500, 3, i, 'kernel', 'e\"' "
        "|| i, "
        "'calls', '1.5', 'model=a', 9 FROM n; "
        "INSERT INTO usage_event VALUES ('nova', -1, 3, 0, '', 'x', 'calls', '1', '', 1), "
        "('nova', 0, 3, 1, '', 'y', 'calls', '1', '', 1), ('nova', 1, 3, 2, '', 'z', 'calls', '1', '', 1), "
        "('nova', 0, 4, 0, '', 'w', 'calls', '1', '', 1), ('beta', 0, 3, 0, '', 'y', 'calls', '1', '', 1); "
        "CREATE TABLE was AS SELECT * FROM usage_event"));
    QVERIFY(migrate(*connection, knownMigrations(), at));
    const char* columns =
        "tenant_id, at, settle_no, source, event_id, metric_type, value, dimensions, position";
    const auto difference = [&](const char* one, const char* other) {
        return ask(*connection, (std::string("SELECT count(*) FROM (SELECT ") + columns + " FROM " + one +
                                 " EXCEPT SELECT " + columns + " FROM " + other + ")")
                                    .c_str());
    };
    QCOMPARE(difference("was", "usage_event"), "0");
    QCOMPARE(difference("usage_event", "was"), "0");
    QCOMPARE(ask(*connection,
                 "SELECT count(*) || ' ' || sum(event_count) || ' ' || max(event_count) FROM usage_block"),
             "6 1505 997");
    QCOMPARE(ask(*connection,
                 "SELECT count(*) FROM (SELECT at, lag(at) OVER (PARTITION BY tenant_id, settle_no "
                 "ORDER BY ordinal) AS before FROM usage_event) WHERE before > at"),
             "0");
}

QTEST_GUILESS_MAIN(TestMigrations)

#include "tst_migrations.moc"
