// A PostgreSQL schema is brought up to date once, however many servers open it at once, is refused when it is
// of a newer or another release, and has the tables and columns that SQLite's has. Months of usage are made
// when they are needed, and events of any of them are kept.
// Tests: migrations.cpp server/storage/usage_months.cpp
#include "server/storage/postgres/migrations.h"
#include "server/storage/sqlite/sqlite_storage.h"
#include "server/storage/usage_months.h"
#include "tests/server/storage/postgres/open_postgres.h"
#include "tests/server/storage/store_events.h"
#include "tests/support/printing.h"
#include "tests/support/temporary_directory.h"

#include <QTest>

#include <thread>

using namespace billing;
using namespace billing::test;

namespace {

const Scope all = Scope::allTenants("test");

Result<std::unique_ptr<PostgresStorage>> open(const PostgresServer::Database& database, Random& random)
{
    return PostgresStorage::open(optionsOf(database), random, Instant::fromMicros(0));
}

UsageEvent eventAt(Instant at)
{
    return {TenantId("nova"), "", "e" + at.toText(), "tokens", Decimal::parse("1.5").value(), at, {}};
}

Instant instant(const char* text)
{
    return Instant::parse(text).value();
}

} // namespace

class TestPostgresMigrations : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { PostgresServer::skipTestIfAbsent(); }
    void newerDatabaseIsRefused();
    void changedScriptIsRefused();
    void ownerWithoutRightsIsRefused();
    void manyServersOpenAtOnce();
    void hasTheColumnsOfSqlite();
    void textsCompareAsBytes();
    void monthsSince1970_data();
    void monthsSince1970();
    void eventsOfAnyMonthAreKept();
    void oneMonthMadeByMany();
    void monthsAreMadeAhead();
    void eventsMoveIntoBlocks();
};

void TestPostgresMigrations::newerDatabaseIsRefused()
{
    SeededRandom random(1);
    OpenPostgres opened;
    postgresRows(opened.database().superConnection, "INSERT INTO schema_migration VALUES (99, 'x', 'x', 0)");
    const auto refused = open(opened.database(), random);
    QCOMPARE(refused.error().code, ErrorCode::MigrationFailed);
    QCOMPARE(refused.error().subject, std::string("schema_migration"));
}

void TestPostgresMigrations::changedScriptIsRefused()
{
    SeededRandom random(1);
    OpenPostgres opened;
    postgresRows(opened.database().superConnection,
                 "UPDATE schema_migration SET sha256 = repeat('0', 64) WHERE version = 2");
    const auto refused = open(opened.database(), random);
    QCOMPARE(refused.error().code, ErrorCode::MigrationFailed);
    QCOMPARE(refused.error().subject, std::string("0002_keep_answers"));
}

void TestPostgresMigrations::ownerWithoutRightsIsRefused()
{
    SeededRandom random(1);
    const auto database = sharedPostgres().newDatabase();
    PostgresOptions options = optionsOf(database);
    options.ownerConnection.clear(); // the login role itself, which may make nothing
    const auto refused = PostgresStorage::open(options, random, Instant::fromMicros(0));
    QCOMPARE(refused.error().code, ErrorCode::MigrationFailed);
    QVERIFY(postgresRows(database.superConnection,
                         "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace")
                .empty());
}

void TestPostgresMigrations::manyServersOpenAtOnce()
{
    // Two databases, so that the cluster's roles are made by several at once too.
    SeededRandom random(1);
    const std::array databases{sharedPostgres().newDatabase(), sharedPostgres().newDatabase()};
    std::array<std::string, 6> refusals;
    std::vector<std::thread> servers;
    for (std::size_t i = 0; i < refusals.size(); ++i)
        servers.emplace_back([&, i] {
            const auto opened = open(databases.at(i % 2), random);
            refusals.at(i) = opened ? "" : toText(opened.error());
        });
    for (std::thread& server : servers)
        server.join();
    for (const std::string& refusal : refusals)
        QCOMPARE(refusal, std::string());
}

void TestPostgresMigrations::hasTheColumnsOfSqlite()
{
    TemporaryDirectory directory;
    const auto sqlite = SqliteStorage::open(directory.file("billing.sqlite"), {});
    std::string expected;
    QVERIFY((*sqlite)->read(all, [&](Work& work) {
        return work.session().query(
            "SELECT group_concat(line, ' ') FROM (SELECT t.name || '.' || c.name || "
            "CASE c.pk WHEN 0 THEN '' ELSE '/' || c.pk END AS line FROM sqlite_schema t, "
            "pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' "
            "ORDER BY t.name, c.cid)",
            {}, [&](const sql::Row& row) {
                expected = row.text(0);
                return Result<void>();
            });
    }));
    const OpenPostgres opened;
    const std::string seen = opened.truth(
        "SELECT string_agg(relname || '.' || attname || CASE WHEN place IS NULL THEN '' ELSE '/' || place "
        "END, ' ' ORDER BY "
        "relname COLLATE \"C\", attnum) FROM pg_class JOIN pg_attribute a ON attrelid = pg_class.oid AND "
        "attnum > 0 LEFT JOIN "
        "(SELECT indrelid, key.attribute, key.place FROM pg_index, unnest(indkey) WITH ORDINALITY AS key "
        "(attribute, place) "
        "WHERE indisprimary) p ON p.indrelid = pg_class.oid AND p.attribute = attnum WHERE relnamespace = "
        "'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition AND relname <> 'work_done'");
    QCOMPARE(QString::fromStdString(seen), QString::fromStdString(expected));
}

void TestPostgresMigrations::textsCompareAsBytes()
{
    const OpenPostgres opened;
    QCOMPARE(
        opened.truth("SELECT coalesce(string_agg(relname || '.' || attname, ' '), '') FROM pg_class JOIN "
                     "pg_attribute ON "
                     "attrelid = pg_class.oid WHERE relnamespace = 'public'::regnamespace AND relkind IN "
                     "('r', 'p') AND "
                     "atttypid = 'text'::regtype AND attcollation <> '\"C\"'::regcollation AND relname <> "
                     "'schema_migration'"),
        std::string());
}

void TestPostgresMigrations::monthsSince1970_data()
{
    QTest::addColumn<QByteArray>("at");
    QTest::addColumn<qlonglong>("month");
    QTest::newRow("epoch") << QByteArray("1970-01-01T00:00:00Z") << qlonglong{0};
    QTest::newRow("before it") << QByteArray("1969-12-31T23:59:59.999999Z") << qlonglong{-1};
    QTest::newRow("leap day") << QByteArray("2024-02-29T23:59:59.999999Z") << qlonglong{649};
    QTest::newRow("first of march") << QByteArray("2024-03-01T00:00:00Z") << qlonglong{650};
    QTest::newRow("last") << QByteArray("9999-12-31T23:59:59Z") << qlonglong{8030 * 12 - 1};
}

void TestPostgresMigrations::monthsSince1970()
{
    QFETCH(QByteArray, at);
    QFETCH(qlonglong, month);
    QCOMPARE(storage::monthOf(instant(at.constData())), std::int64_t{month});
}

void TestPostgresMigrations::eventsOfAnyMonthAreKept()
{
    const OpenPostgres opened;
    std::vector<UsageEvent> events;
    for (const char* at :
         {"1969-12-31T23:59:59.999999Z", "1970-01-01T00:00:00Z", "2019-03-31T23:59:59.999999Z",
          "2019-04-01T00:00:00Z", "2024-02-29T12:00:00Z", "2026-03-15T12:00:00Z",
          "2031-12-31T23:59:59.999999Z", "2032-01-01T00:00:00Z", "9999-12-31T23:59:59Z"})
        events.push_back(eventAt(instant(at)));
    for (const std::int64_t settling : {1, 2}) // once making the months, once finding them
        QVERIFY(opened.storage().write(all, Priority::Settle, anyWorkId(), [&](Work& work) {
            return test::storeEvents(work, events, SettleNumber(settling));
        }));
    std::size_t place = 0;
    QVERIFY(opened.storage().read(Scope::tenant(TenantId("nova")), [&](Work& work) {
        return storage::eventsIn(work, TenantId("nova"),
                                 {instant("0001-01-01T00:00:00Z"), instant("9999-12-31T23:59:59.5Z")},
                                 [&](const UsageEvent& event, SettleNumber) -> Result<void> {
                                     BILLING_ASSERT(event == events.at(place++ / 2));
                                     return {};
                                 });
    }));
    QCOMPARE(place, events.size() * 2);
    QCOMPARE(opened.truth("SELECT count(*) FROM usage_block_201903"), std::string("2"));
    QCOMPARE(opened.truth("SELECT count(*) FROM usage_block_201904"), std::string("2"));
}

void TestPostgresMigrations::oneMonthMadeByMany()
{
    const OpenPostgres opened;
    std::atomic<int> refused{0};
    std::vector<std::thread> writers;
    for (std::int64_t writer = 0; writer < 4; ++writer)
        writers.emplace_back([&, writer] {
            for (int month = 10; month <= 12; ++month) {
                const UsageEvent event =
                    eventAt(instant(("2040-" + std::to_string(month) + "-01T00:00:00Z").c_str()));
                if (!opened.storage().write(all, Priority::Settle, anyWorkId(), [&](Work& work) {
                        return test::storeEvents(work, {event}, SettleNumber(writer));
                    }))
                    ++refused;
            }
        });
    for (std::thread& writer : writers)
        writer.join();
    QCOMPARE(refused.load(), 0);
    QCOMPARE(opened.truth("SELECT count(*) FROM usage_event"), std::string("12"));
}

void TestPostgresMigrations::monthsAreMadeAhead()
{
    const OpenPostgres opened; // on 2026-03-15
    QCOMPARE(opened.truth("SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class WHERE relname LIKE "
                          "'usage\\_block\\_2%' "
                          "AND relkind = 'r'"),
             std::string("usage_block_202603 usage_block_202604 usage_block_202605"));
}

void TestPostgresMigrations::eventsMoveIntoBlocks()
{
    const auto database = sharedPostgres().newDatabase();
    const auto owner = billing::postgres::Connection::open(database.ownerConnection, database.ownerPassword);
    QVERIFY(billing::postgres::migrate(**owner, billing::postgres::knownMigrations().first(3),
                                       Instant::fromMicros(0)));
    // As in tst_migrations: one day out of order, both sides of a midnight and of a month, settlings,
    // tenants.
    postgresRows(
        database.superConnection,
        "SELECT make_usage_month(674), make_usage_month(-1), make_usage_month(0); "
        "INSERT INTO usage_event SELECT 'nova', 1772358000000000 + (i * 7919) % 1500, 3, i, 'kernel', 'e\"' "
        "|| i, "
        "'calls', 1.5, 'model=a', 9 FROM generate_series(0, 1499) i; "
        "INSERT INTO usage_event VALUES ('nova', -1, 3, 0, '', 'x', 'calls', 1, '', 1), "
        "('nova', 0, 3, 1, '', 'y', 'calls', 1, '', 1), ('nova', 1, 3, 2, '', 'z', 'calls', 1, '', 1), "
        "('nova', 0, 4, 0, '', 'w', 'calls', 1, '', 1), ('beta', 0, 3, 0, '', 'y', 'calls', 1, '', 1); "
        "CREATE TABLE was AS SELECT * FROM usage_event");
    QVERIFY(
        billing::postgres::migrate(**owner, billing::postgres::knownMigrations(), Instant::fromMicros(0)));
    const auto ask = [&](const std::string& sql) {
        return postgresRows(database.superConnection, sql).at(0).at(0);
    };
    const std::string columns =
        "tenant_id, at, settle_no, source, event_id, metric_type, value, dimensions, position";
    const auto difference = [&](const std::string& one, const std::string& other) {
        return ask("SELECT count(*) FROM (SELECT " + columns + " FROM " + one + " EXCEPT SELECT " + columns +
                   " FROM " + other + ") x");
    };
    QCOMPARE(difference("was", "usage_event"), std::string("0"));
    QCOMPARE(difference("usage_event", "was"), std::string("0"));
    QCOMPARE(ask("SELECT count(*) || ' ' || sum(event_count) || ' ' || max(event_count) FROM usage_block"),
             std::string("6 1505 997"));
    QCOMPARE(ask("SELECT count(*) FROM (SELECT at, lag(at) OVER (PARTITION BY tenant_id, settle_no ORDER BY "
                 "ordinal) AS before FROM usage_event) x WHERE before > at"),
             std::string("0"));
}

QTEST_GUILESS_MAIN(TestPostgresMigrations)
#include "tst_postgres_migrations.moc"
