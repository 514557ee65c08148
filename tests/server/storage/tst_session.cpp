// Statements as the repositories speak them: values go in and come back as they were, engine refusals come
// back as Errors of the right code, and bulk statements answer row by row.
// Tests: sql/session.cpp sql/stored.h sqlite/sqlite_session.cpp sqlite/sqlite_error.cpp sqlite/dec_sum.cpp
#include "server/storage/sql/stored.h"
#include "tests/server/storage/storage_fixture.h"

#include <QTest>

#include <sstream>

using namespace billing;
using namespace billing::test;

namespace {

const Scope scope = Scope::system("test");

/// Runs one body in a write and hands its refusal back.
Result<void> inWrite(StorageFixture& fixture, const std::function<Result<void>(sql::Session&)>& body)
{
    return fixture.storage().write(scope, Priority::Money, anyWork(),
                                   [&](Work& work) { return body(work.session()); });
}

Result<void> makeTable(sql::Session& session)
{
    const auto made =
        session.execute("CREATE TABLE thing (id INTEGER PRIMARY KEY, name TEXT UNIQUE, bytes BLOB,"
                        " amount TEXT, parent INTEGER REFERENCES thing (id) CHECK (parent <> id)) STRICT",
                        {});
    return made ? Result<void>() : made.error();
}

} // namespace

class TestSession : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusals_data();
    void refusals();
    void transactionGoesOnAfterARefusedStatement();
    void valuesComeBackAsTheyWere_data();
    void valuesComeBackAsTheyWere();
    void executeAnswersHowManyRowsChanged();
    void executeManyAnswersRowByRow();
    void executeManyStopsAtARefusal();
    void insertManyAnswersTheKeys();
    void queryManyAnswersByIndex();
    void queryManyStopsAtARefusal();
    void refusalOfARowEndsTheQuery();
    void queriesNest();
    void queryOneTakesTheFirst();
    void storedNamesItsColumn();
    void decSum_data();
    void decSum();
    void decSumRefusesWhatIsNoDecimal();
    void decSumRefusesOverflow();
};

void TestSession::refusals_data()
{
    QTest::addColumn<QString>("sql");
    QTest::addColumn<QString>("subject");
    QTest::newRow("unique") << "INSERT INTO thing (id, name) VALUES (2, 'taken')"
                            << "UNIQUE constraint failed: thing.name";
    QTest::newRow("primary key") << "INSERT INTO thing (id, name) VALUES (1, 'other')"
                                 << "UNIQUE constraint failed: thing.id";
    QTest::newRow("foreign key") << "INSERT INTO thing (id, parent) VALUES (2, 99)"
                                 << "FOREIGN KEY constraint failed";
    QTest::newRow("strict type") << "INSERT INTO thing (id, amount) VALUES (2, x'00')"
                                 << "cannot store BLOB value in TEXT column thing.amount";
    QTest::newRow("check") << "INSERT INTO thing (id, parent) VALUES (2, 2)"
                           << "CHECK constraint failed: parent <> id";
    QTest::newRow("trigger") << "DELETE FROM audit_entry"
                             << "append only";
}

void TestSession::refusals()
{
    QFETCH(QString, sql);
    QFETCH(QString, subject);
    StorageFixture fixture;
    const QByteArray text = sql.toUtf8();
    const auto refused = inWrite(fixture, [&](sql::Session& session) -> Result<void> {
        if (const auto made = makeTable(session); !made)
            return made;
        const auto rows = {
            session.execute("INSERT INTO thing (id, name) VALUES (1, 'taken')", {}),
            session.execute(
                "INSERT INTO audit_entry VALUES ('', 1, 0, '', '', '', '', zeroblob(32), zeroblob(32))", {}),
        };
        for (const auto& row : rows) {
            if (!row)
                return row.error();
        }
        const auto done = session.execute(text.constData(), {});
        return done ? Result<void>() : done.error();
    });
    QVERIFY(!refused);
    QCOMPARE(toText(Error{refused.error().code}), "constraint_violated");
    QCOMPARE(QString::fromStdString(refused.error().subject), subject);
}

void TestSession::transactionGoesOnAfterARefusedStatement()
{
    StorageFixture fixture;
    QVERIFY(inWrite(fixture, makeTable));
    const auto done = inWrite(fixture, [](sql::Session& session) -> Result<void> {
        const char* insert = "INSERT INTO thing (id) VALUES (?)";
        BILLING_ASSERT(session.execute(insert, {std::int64_t{1}}).has_value());
        BILLING_ASSERT(!session.execute(insert, {std::int64_t{1}}).has_value());
        BILLING_ASSERT(session.execute(insert, {std::int64_t{2}}).has_value());
        return {};
    });
    QVERIFY(done);
    QVERIFY(inWrite(fixture, [](sql::Session& session) -> Result<void> {
        const auto count = sql::queryOne(session, "SELECT count(*) FROM thing", {},
                                         [](const sql::Row& row) { return row.integer(0); });
        return count && **count == 2 ? Result<void>() : Result<void>(ErrorCode::Internal);
    }));
}

void TestSession::valuesComeBackAsTheyWere_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<qlonglong>("number");
    QTest::newRow("empty") << QByteArray("") << qlonglong{0};
    QTest::newRow("ascii") << QByteArray("abc") << qlonglong{1};
    QTest::newRow("quotes and marks") << QByteArray("'?\"; --") << qlonglong{-1};
    QTest::newRow("nul inside") << QByteArray("a\0b", 3) << std::numeric_limits<qlonglong>::max();
    QTest::newRow("beyond the basic plane")
        << QByteArray("\xf0\x9f\x9f\xa2 \xc3\xa9") << std::numeric_limits<qlonglong>::min();
    QTest::newRow("2^53 + 1") << QByteArray("x") << qlonglong{9007199254740993};
}

void TestSession::valuesComeBackAsTheyWere()
{
    QFETCH(QByteArray, bytes);
    QFETCH(qlonglong, number);
    StorageFixture fixture;
    QVERIFY(inWrite(fixture, makeTable));
    const std::string text = bytes.toStdString();
    const auto done = inWrite(fixture, [&](sql::Session& session) -> Result<void> {
        const char* insert = "INSERT INTO thing (id, name, bytes, amount) VALUES (?, ?, ?, ?)";
        BILLING_ASSERT(session.execute(insert, {std::int64_t{number}, text, sql::Blob{text}, sql::Null{}}));
        BILLING_ASSERT(session.execute("DELETE FROM thing WHERE name = ?", {text}).value() == 1);
        const std::vector<sql::Value> values{std::int64_t{number}, text, sql::Blob{text}, sql::Null{}};
        BILLING_ASSERT(session.executeMany(insert, 4, values));
        return session.query("SELECT id, name, bytes, amount FROM thing", {},
                             [&](const sql::Row& row) -> Result<void> {
                                 BILLING_ASSERT(row.integer(0) == number && row.text(1) == text);
                                 BILLING_ASSERT(row.text(2) == text && !row.isNull(2) && row.isNull(3));
                                 BILLING_ASSERT(row.optionalInteger(0) == number && !row.optionalText(3));
                                 return {};
                             });
    });
    QVERIFY(done);
}

void TestSession::executeAnswersHowManyRowsChanged()
{
    StorageFixture fixture;
    QVERIFY(inWrite(fixture, makeTable));
    QVERIFY(inWrite(fixture, [](sql::Session& session) -> Result<void> {
        BILLING_ASSERT(session.execute("INSERT INTO thing (id) VALUES (1), (2), (3)", {}).value() == 3);
        BILLING_ASSERT(
            session.execute("INSERT INTO thing (id) VALUES (1) ON CONFLICT DO NOTHING", {}).value() == 0);
        BILLING_ASSERT(
            session.execute("UPDATE thing SET amount = ? WHERE id > ?", {"1", std::int64_t{1}}).value() == 2);
        BILLING_ASSERT(session.execute("DELETE FROM thing WHERE id = 9", {}).value() == 0);
        return {};
    }));
}

void TestSession::executeManyAnswersRowByRow()
{
    StorageFixture fixture;
    QVERIFY(inWrite(fixture, makeTable));
    QVERIFY(inWrite(fixture, [](sql::Session& session) -> Result<void> {
        const char* insert = "INSERT INTO thing (id, name) VALUES (?, ?) ON CONFLICT DO NOTHING";
        const std::vector<sql::Value> values{std::int64_t{1}, "a", std::int64_t{1}, "b",
                                             std::int64_t{2}, "a", std::int64_t{3}, "c"};
        BILLING_ASSERT(
            (session.executeMany(insert, 2, values).value() == std::vector<std::uint8_t>{1, 0, 0, 1}));
        BILLING_ASSERT(session.executeMany(insert, 2, {}).value().empty());
        return {};
    }));
}

void TestSession::executeManyStopsAtARefusal()
{
    StorageFixture fixture;
    QVERIFY(inWrite(fixture, makeTable));
    const auto refused = inWrite(fixture, [](sql::Session& session) -> Result<void> {
        const std::vector<sql::Value> values{std::int64_t{1}, std::int64_t{1}, std::int64_t{2}};
        const auto done = session.executeMany("INSERT INTO thing (id) VALUES (?)", 1, values);
        BILLING_ASSERT(!done);
        // the statement is usable again
        BILLING_ASSERT(session.executeMany("INSERT INTO thing (id) VALUES (?)", 1, {&values[2], 1}));
        return done.error();
    });
    QCOMPARE(refused.error().code, ErrorCode::ConstraintViolated);
}

void TestSession::insertManyAnswersTheKeys()
{
    StorageFixture fixture;
    QVERIFY(inWrite(fixture, makeTable));
    QVERIFY(inWrite(fixture, [](sql::Session& session) -> Result<void> {
        BILLING_ASSERT(session.execute("INSERT INTO thing (id) VALUES (41)", {}));
        const char* insert = "INSERT INTO thing (name) VALUES (?) RETURNING id";
        const std::vector<sql::Value> values{"x", "y"};
        BILLING_ASSERT((session.insertMany(insert, 1, values).value() == std::vector<std::int64_t>{42, 43}));
        BILLING_ASSERT(session.insertMany(insert, 1, {}).value().empty());
        return {};
    }));
}

void TestSession::queryManyAnswersByIndex()
{
    StorageFixture fixture;
    QVERIFY(inWrite(fixture, makeTable));
    std::string answers;
    QVERIFY(inWrite(fixture, [&](sql::Session& session) -> Result<void> {
        BILLING_ASSERT(session.execute(
            "INSERT INTO thing (id, name, bytes, amount) VALUES (1, 'a', x'00', '1'), (2, 'b', x'00', NULL)",
            {}));
        const char* select = "SELECT id, amount FROM thing WHERE name = ? AND bytes = ? AND '?' <> ''";
        const sql::Blob nul{std::string_view("\0", 1)};
        const std::vector<sql::Value> values{"b", nul, "c", nul, "a", nul, "a", sql::Blob{""}, "b", nul};
        const auto note = [&](std::size_t index, const sql::Row& row) {
            answers += std::to_string(index) + ":" + std::to_string(row.integer(0)) + ":" +
                       row.optionalText(1).value_or("null") + " ";
            return Result<void>();
        };
        return session.queryMany(select, 2, values, note).and_then([&] {
            return session.queryMany(select, 2, {}, note);
        });
    }));
    QCOMPARE(answers, std::string("0:2:null 2:1:1 4:2:null "));
}

void TestSession::queryManyStopsAtARefusal()
{
    StorageFixture fixture;
    QVERIFY(inWrite(fixture, makeTable));
    int seen = 0;
    const auto refused = inWrite(fixture, [&](sql::Session& session) -> Result<void> {
        BILLING_ASSERT(session.execute("INSERT INTO thing (id) VALUES (1), (2), (3)", {}));
        const char* select = "SELECT id FROM thing WHERE id = ?";
        const std::vector<sql::Value> values{std::int64_t{1}, std::int64_t{2}, std::int64_t{3}};
        const auto done =
            session.queryMany(select, 1, values, [&](std::size_t index, const sql::Row&) -> Result<void> {
                ++seen;
                return index == 1 ? Result<void>(Error{ErrorCode::NotFound, "here"}) : Result<void>();
            });
        // the statement is usable again
        const auto again = sql::queryOne(session, select, {std::int64_t{3}},
                                         [](const sql::Row& row) { return row.integer(0); });
        BILLING_ASSERT(again && **again == 3);
        return done;
    });
    QCOMPARE(refused.error().subject, "here");
    QCOMPARE(seen, 2);
}

void TestSession::refusalOfARowEndsTheQuery()
{
    StorageFixture fixture;
    QVERIFY(inWrite(fixture, makeTable));
    int seen = 0;
    const auto refused = inWrite(fixture, [&](sql::Session& session) -> Result<void> {
        BILLING_ASSERT(session.execute("INSERT INTO thing (id) VALUES (1), (2), (3)", {}));
        return session.query("SELECT id FROM thing", {}, [&](const sql::Row&) -> Result<void> {
            return ++seen == 2 ? Result<void>(Error{ErrorCode::NotFound, "here"}) : Result<void>();
        });
    });
    QCOMPARE(refused.error().subject, "here");
    QCOMPARE(seen, 2);
}

void TestSession::queriesNest()
{
    StorageFixture fixture;
    QVERIFY(inWrite(fixture, makeTable));
    std::int64_t sum = 0;
    QVERIFY(inWrite(fixture, [&](sql::Session& session) -> Result<void> {
        BILLING_ASSERT(session.execute("INSERT INTO thing (id) VALUES (1), (2), (3)", {}));
        return session.query("SELECT id FROM thing", {}, [&](const sql::Row& outer) {
            return session.query("SELECT id FROM thing WHERE id <= ?", {outer.integer(0)},
                                 [&](const sql::Row& row) {
                                     sum += row.integer(0);
                                     return Result<void>();
                                 });
        });
    }));
    QCOMPARE(sum, 1 + 3 + 6);
}

void TestSession::queryOneTakesTheFirst()
{
    StorageFixture fixture;
    QVERIFY(inWrite(fixture, makeTable));
    QVERIFY(inWrite(fixture, [](sql::Session& session) -> Result<void> {
        const auto firstId = [](const sql::Row& row) { return row.integer(0); };
        const char* select = "SELECT id FROM thing ORDER BY id";
        BILLING_ASSERT(!sql::queryOne(session, select, {}, firstId).value());
        BILLING_ASSERT(session.execute("INSERT INTO thing (id) VALUES (2), (1)", {}));
        BILLING_ASSERT(sql::queryOne(session, select, {}, firstId).value() == 1);
        return {};
    }));
}

void TestSession::storedNamesItsColumn()
{
    const auto refused = sql::stored(Result<int>(ErrorCode::InvalidDate), "invoice.due_date");
    QCOMPARE(refused.error().code, ErrorCode::StorageCorrupt);
    QCOMPARE(refused.error().subject, "invoice.due_date");
    QCOMPARE(sql::stored(Result<int>(7), "x").value(), 7);
}

void TestSession::decSum_data()
{
    QTest::addColumn<QByteArray>("amounts");
    QTest::addColumn<QString>("sum");
    QTest::newRow("no rows") << QByteArray("") << "0";
    QTest::newRow("tenths") << QByteArray("0.1 0.2 0.000000000001") << "0.300000000001";
    QTest::newRow("beyond 2^53") << QByteArray("9007199254740993 -1") << "9007199254740992";
    QTest::newRow("beyond 64 bits") << QByteArray("999999999999999999 999999999999999999 1.5")
                                    << "1999999999999999999.5";
    QTest::newRow("to zero") << QByteArray("-12.5 12.5") << "0";
}

void TestSession::decSum()
{
    QFETCH(QByteArray, amounts);
    QFETCH(QString, sum);
    StorageFixture fixture;
    QVERIFY(inWrite(fixture, makeTable));
    std::string answer;
    QVERIFY(inWrite(fixture, [&](sql::Session& session) -> Result<void> {
        BILLING_ASSERT(session.execute("INSERT INTO thing (amount) VALUES (NULL)", {}));
        std::istringstream words(amounts.toStdString());
        for (std::string amount; words >> amount;)
            BILLING_ASSERT(session.execute("INSERT INTO thing (amount) VALUES (?)", {amount}));
        return session.query("SELECT dec_sum(amount) FROM thing", {}, [&](const sql::Row& row) {
            answer = row.text(0);
            return Result<void>();
        });
    }));
    QCOMPARE(QString::fromStdString(answer), sum);
}

void TestSession::decSumRefusesWhatIsNoDecimal()
{
    StorageFixture fixture;
    const auto refused = inWrite(fixture, [](sql::Session& session) -> Result<void> {
        return session.query("SELECT dec_sum('1e3')", {}, [](const sql::Row&) { return Result<void>(); });
    });
    QCOMPARE(refused.error().code, ErrorCode::StorageCorrupt);
}

void TestSession::decSumRefusesOverflow()
{
    StorageFixture fixture;
    const auto refused = inWrite(fixture, [](sql::Session& session) -> Result<void> {
        return session.query(
            "WITH big (n) AS (VALUES ('100000000000000000000000000'), ('100000000000000000000000000'))"
            " SELECT dec_sum(n) FROM big",
            {}, [](const sql::Row&) { return Result<void>(); });
    });
    QCOMPARE(refused.error().code, ErrorCode::AmountOverflow);
}

QTEST_GUILESS_MAIN(TestSession)

#include "tst_session.moc"
