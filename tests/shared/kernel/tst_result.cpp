// Result: a value or a refusal, never both, and reading the wrong one is our own mistake.
#include "shared/kernel/result.h"

#include "tests/support/dies.h"
#include "tests/support/printing.h"

#include <QTest>

#include <memory>
#include <string>

using namespace billing;
using billing::test::diesByAssertion;

namespace {

Result<int> half(int value)
{
    if (value % 2 != 0)
        return Error{ErrorCode::InvalidValue, "value", "odd"};
    return value / 2;
}

} // namespace

class TestResult : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readingTheValueOfARefusalDies();
    void readingTheErrorOfAValueDies();
    void refusalCarriesItsError();
    void refusalFromACodeAlone();
    void valueIsHeld();
    void valueCanBeMovedOut();
    void valueOr();
    void chainStopsAtTheFirstRefusal();
    void transformKeepsTheRefusal();
    void equality();
    void nothingToReturn();
};

void TestResult::readingTheValueOfARefusalDies()
{
    QVERIFY(diesByAssertion([] { static_cast<void>(half(3).value()); }));
    QVERIFY(diesByAssertion([] { static_cast<void>(*half(3)); }));
    QVERIFY(diesByAssertion([] {
        Result<std::string> refused = ErrorCode::NotFound;
        static_cast<void>(refused->size());
    }));
}

void TestResult::readingTheErrorOfAValueDies()
{
    QVERIFY(diesByAssertion([] { static_cast<void>(half(4).error()); }));
    QVERIFY(diesByAssertion([] { static_cast<void>(Result<void>().error()); }));
}

void TestResult::refusalCarriesItsError()
{
    const Result<int> result = half(3);
    QVERIFY(!result);
    QVERIFY(!result.has_value());
    QVERIFY((result.error() == Error{ErrorCode::InvalidValue, "value", "odd"}));
}

void TestResult::refusalFromACodeAlone()
{
    const Result<int> result = ErrorCode::NotFound;
    QVERIFY(!result);
    QVERIFY((result.error() == Error{ErrorCode::NotFound, "", ""}));
}

void TestResult::valueIsHeld()
{
    Result<std::string> result = std::string("abc");
    QVERIFY(result.has_value());
    QCOMPARE(*result, "abc");
    QCOMPARE(result->size(), std::size_t{3});
    result.value() += 'd';
    QCOMPARE(result.value(), "abcd");
}

void TestResult::valueCanBeMovedOut()
{
    Result<std::unique_ptr<int>> result = std::make_unique<int>(7);
    const std::unique_ptr<int> taken = std::move(result).value();
    QCOMPARE(*taken, 7);
}

void TestResult::valueOr()
{
    QCOMPARE(half(3).value_or(9), 9);
    QCOMPARE(half(4).value_or(9), 2);
}

void TestResult::chainStopsAtTheFirstRefusal()
{
    int calls = 0;
    const auto counted = [&](int value) {
        ++calls;
        return half(value);
    };
    QCOMPARE(half(8).and_then(counted).and_then(counted).value_or(-1), 1);
    QCOMPARE(calls, 2);
    QVERIFY(!half(6).and_then(counted).and_then(counted)); // 3 is odd: the second step is never made
    QCOMPARE(calls, 3);
}

void TestResult::transformKeepsTheRefusal()
{
    const auto name = [](int value) { return std::to_string(value); };
    QCOMPARE(half(4).transform(name).value(), "2");
    QCOMPARE(half(3).transform(name).error().code, ErrorCode::InvalidValue);
}

void TestResult::equality()
{
    QVERIFY(half(4) == half(4));
    QVERIFY(half(4) != half(6));
    QVERIFY(half(3) == half(5));
    QVERIFY(half(3) != half(4));
    QVERIFY(half(3) != Result<int>(ErrorCode::InvalidValue)); // subject and detail count
}

void TestResult::nothingToReturn()
{
    const Result<void> done;
    const Result<void> refused = ErrorCode::StorageBusy;
    QVERIFY(done.has_value());
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::StorageBusy);
    QVERIFY(done != refused);
    QCOMPARE(done.and_then([] { return half(4); }).value_or(-1), 2);
    QCOMPARE(refused.and_then([] { return half(4); }).error().code, ErrorCode::StorageBusy);
}

QTEST_APPLESS_MAIN(TestResult)

#include "tst_result.moc"
