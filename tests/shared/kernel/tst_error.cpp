// The list of refusals is published: names and numbers are unique, stay in their ranges and never change.
#include "shared/kernel/error.h"

#include "tests/support/dies.h"
#include "tests/support/printing.h"

#include <QTest>

#include <set>

using namespace billing;

namespace {

struct Row
{
    ErrorCode code;
    int number;
    std::string_view wire;
};

constexpr Row rows[] = {
#define X(name, number, wire) {ErrorCode::name, number, wire},
    BILLING_ERROR_CODES(X)
#undef X
};

bool isSnakeCase(std::string_view name)
{
    return !name.empty() && name.front() != '_' && name.back() != '_' &&
           name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
}

} // namespace

class TestError : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void unknownNumberHasNoName();
    void namesAndNumbersAreUnique();
    void publishedCodes_data();
    void publishedCodes();
    void transience_data();
    void transience();
    void text_data();
    void text();
};

void TestError::unknownNumberHasNoName()
{
    QVERIFY(test::diesByAssertion([] { static_cast<void>(wireName(static_cast<ErrorCode>(9999))); }));
}

void TestError::namesAndNumbersAreUnique()
{
    std::set<int> numbers;
    std::set<std::string_view> names;
    for (const Row& row : rows) {
        QVERIFY2(numbers.insert(row.number).second, std::string(row.wire).c_str());
        QVERIFY2(names.insert(row.wire).second, std::string(row.wire).c_str());
        QVERIFY2(isSnakeCase(row.wire), std::string(row.wire).c_str());
        QVERIFY2(row.number >= 100 && row.number <= 799, std::string(row.wire).c_str());
        QCOMPARE(static_cast<int>(row.code), row.number);
        QCOMPARE(wireName(row.code), row.wire);
    }
}

// A sample of each range, written out: a number that moves breaks clients, so it must break this first.
void TestError::publishedCodes_data()
{
    QTest::addColumn<int>("number");
    QTest::addColumn<std::string>("wire");
    QTest::newRow("request") << 103 << std::string("unknown_field");
    QTest::newRow("request, last") << 126 << std::string("card_data_refused");
    QTest::newRow("who is asking") << 205 << std::string("tenant_mismatch");
    QTest::newRow("usage") << 309 << std::string("payload_conflict");
    QTest::newRow("customers") << 403 << std::string("reserved_tenant_id");
    QTest::newRow("money") << 505 << std::string("period_already_invoiced");
    QTest::newRow("storage") << 606 << std::string("data_directory_in_use");
    QTest::newRow("internal") << 699 << std::string("internal");
    QTest::newRow("documents") << 713 << std::string("chain_broken");
}

void TestError::publishedCodes()
{
    QFETCH(int, number);
    QFETCH(std::string, wire);
    QCOMPARE(std::string(wireName(static_cast<ErrorCode>(number))), wire);
}

void TestError::transience_data()
{
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<bool>("transient");
    QTest::newRow("a wrong field stays wrong") << ErrorCode::UnknownField << false;
    QTest::newRow("a conflict stays one") << ErrorCode::PayloadConflict << false;
    QTest::newRow("our mistake stays one") << ErrorCode::Internal << false;
    QTest::newRow("a corrupt store") << ErrorCode::StorageCorrupt << false;
    QTest::newRow("a backlog drains") << ErrorCode::BacklogFull << true;
    QTest::newRow("a lock is released") << ErrorCode::StorageBusy << true;
    QTest::newRow("a server comes back") << ErrorCode::ShuttingDown << true;
    QTest::newRow("a period ends") << ErrorCode::PeriodNotOver << true;
}

void TestError::transience()
{
    QFETCH(ErrorCode, code);
    QFETCH(bool, transient);
    QCOMPARE(isTransient(code), transient);
}

void TestError::text_data()
{
    QTest::addColumn<std::string>("subject");
    QTest::addColumn<std::string>("detail");
    QTest::addColumn<std::string>("expected");
    const auto row = [](const char* name, const char* subject, const char* detail, const char* expected) {
        QTest::newRow(name) << std::string(subject) << std::string(detail) << std::string(expected);
    };
    row("code alone", "", "", "unknown_field");
    row("subject", "colour", "", "unknown_field: colour");
    row("subject and detail", "colour", "not part of an event",
        "unknown_field: colour (not part of an event)");
    row("detail alone", "", "why", "unknown_field (why)");
}

void TestError::text()
{
    QFETCH(std::string, subject);
    QFETCH(std::string, detail);
    QFETCH(std::string, expected);
    QCOMPARE(toText(Error{ErrorCode::UnknownField, subject, detail}), expected);
}

QTEST_APPLESS_MAIN(TestError)

#include "tst_error.moc"
