// Problem documents: written as RFC 9457 asks, read back by clients, tolerant of newer servers.
// Tests: problem.cpp
#include "shared/wire/problem.h"

#include <QTest>

using namespace billing;
using namespace billing::wire;

class TestProblem : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusesText_data();
    void refusesText();
    void writesAnError();
    void writesNoEmptyMembers();
    void readsWhatItWrote();
    void readsANewerServer();
    void keepsBrokenTextReadable();
    void knowsEveryCode();
};

void TestProblem::refusesText_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("code");
    QTest::newRow("no JSON") << QByteArray("<html>") << int(ErrorCode::MalformedJson);
    QTest::newRow("no object") << QByteArray("[]") << int(ErrorCode::WrongType);
    QTest::newRow("no status") << QByteArray("{}") << int(ErrorCode::MissingField);
    QTest::newRow("status as text") << QByteArray(R"({"status":"404"})") << int(ErrorCode::WrongType);
    QTest::newRow("no HTTP status") << QByteArray(R"({"status":99})") << int(ErrorCode::InvalidValue);
    QTest::newRow("status of 2^33") << QByteArray(R"({"status":8589934996})") << int(ErrorCode::InvalidValue);
}

void TestProblem::refusesText()
{
    QFETCH(QByteArray, text);
    const auto problem = problemFromJson(text.toStdString());
    QVERIFY(!problem);
    QTEST(int(problem.error().code), "code");
}

void TestProblem::writesAnError()
{
    Problem problem = problemOf({ErrorCode::UnknownField, "co\"lour", "not part of an event"}, 400);
    problem.index = 17;
    QCOMPARE(toJson(problem), R"({"type":"urn:enis-billing:problem:unknown_field","title":"Unknown field",)"
                              R"("status":400,"code":"unknown_field","detail":"not part of an event",)"
                              R"("subject":"co\"lour","index":17})");
}

void TestProblem::writesNoEmptyMembers()
{
    QCOMPARE(
        toJson(problemOf(Error{ErrorCode::Internal}, 500)),
        R"({"type":"urn:enis-billing:problem:internal","title":"Internal","status":500,"code":"internal"})");
}

void TestProblem::readsWhatItWrote()
{
    Problem problem = problemOf({ErrorCode::PeriodAlreadyInvoiced, "inv_1", "one exists"}, 409);
    problem.index = 0;
    const auto read = problemFromJson(toJson(problem));
    QVERIFY(read.has_value());
    QCOMPARE(*read, problem);
}

void TestProblem::readsANewerServer()
{
    const auto read = problemFromJson(R"({"status":418,"code":"of_tomorrow","hints":["a"]})");
    QVERIFY(read.has_value());
    QCOMPARE(read->status, 418);
    QCOMPARE(read->code, "of_tomorrow");
    QVERIFY(!parseErrorCode(read->code));
    QCOMPARE(problemFromJson(R"({"status":502})")->code, "internal");
}

void TestProblem::keepsBrokenTextReadable()
{
    QVERIFY(problemFromJson(toJson(problemOf({ErrorCode::Internal, "a\xFF", "b\xC0\xAF"}, 500))).has_value());
}

void TestProblem::knowsEveryCode()
{
#define X(enumerator, number, wire) QVERIFY(parseErrorCode(wire) == ErrorCode::enumerator);
    BILLING_ERROR_CODES(X)
#undef X
    QVERIFY(!parseErrorCode(""));
    QVERIFY(!parseErrorCode("Internal"));
}

QTEST_APPLESS_MAIN(TestProblem)
#include "tst_problem.moc"
