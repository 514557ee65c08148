// What the server says to usage: written as published, read back, and refused when it is not that.
#include "shared/wire/usage_answer_json.h"

#include <QTest>

using namespace billing;
using namespace billing::wire;

class TestUsageAnswerJson : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusesAnswer_data();
    void refusesAnswer();
    void refusesRecorded_data();
    void refusesRecorded();
    void writesAnswers();
    void readsWhatItWrote();
    void readsANewerServer();
    void readsAndWritesRecorded();
};

void TestUsageAnswerJson::refusesAnswer_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("code");
    const auto refused = [](const char* text, ErrorCode code) {
        QTest::newRow(text) << QByteArray(text) << int(code);
    };
    using enum ErrorCode;
    refused("", MalformedJson);
    refused("[]", WrongType);
    refused("{}", MissingField);
    refused(R"({"results":{}})", WrongType);
    refused(R"({"results":[1]})", WrongType);
    refused(R"({"results":[{"index":0}]})", MissingField);
    refused(R"({"results":[{"status":"lost","index":0}]})", InvalidValue);
    refused(R"({"results":[{"status":"settled"}]})", MissingField);
    refused(R"({"results":[{"status":"settled","index":1}]})", InvalidValue);
    refused(R"({"results":[],"position":"1"})", WrongType);
    refused(R"({"results":[],"settled":"true"})", WrongType);
}

void TestUsageAnswerJson::refusesAnswer()
{
    QFETCH(QByteArray, text);
    const auto answer = decodeUsageAnswer(text.toStdString());
    QVERIFY(!answer);
    QTEST(int(answer.error().code), "code");
}

void TestUsageAnswerJson::refusesRecorded_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("code");
    const auto refused = [](const char* text, ErrorCode code) {
        QTest::newRow(text) << QByteArray(text) << int(code);
    };
    refused(R"({"recorded":true,"position":1})", ErrorCode::MissingField);
    refused(R"({"event_id":"e","recorded":true})", ErrorCode::MissingField);
    refused(R"({"event_id":"e","position":1})", ErrorCode::InvalidValue);
    refused(R"({"event_id":"e","recorded":false,"position":1})", ErrorCode::InvalidValue);
    refused(R"({"event_id":"e","recorded":true,"position":1,"status":"x"})", ErrorCode::InvalidValue);
}

void TestUsageAnswerJson::refusesRecorded()
{
    QFETCH(QByteArray, text);
    const auto recorded = decodeUsageRecorded(text.toStdString());
    QVERIFY(!recorded);
    QTEST(int(recorded.error().code), "code");
}

void TestUsageAnswerJson::writesAnswers()
{
    QCOMPARE(encodeUsageAnswer({}), R"({"results":[]})");
    const UsageAnswer answer{
        {{"a\"", EventStatus::Accepted, {}},
         {"", EventStatus::Rejected, Error{ErrorCode::UnknownField, "col\n", "no \"x\""}},
         {"c", EventStatus::Conflict, Error{ErrorCode::PayloadConflict}}},
        JournalPosition(12),
        false};
    QCOMPARE(
        encodeUsageAnswer(answer),
        R"({"results":[{"event_id":"a\"","status":"accepted","index":0},)"
        R"({"status":"rejected","code":"unknown_field","detail":"no \"x\"","subject":"col\u000a","index":1},)"
        R"({"event_id":"c","status":"conflict","code":"payload_conflict","index":2}],)"
        R"("position":12,"settled":false})");
}

void TestUsageAnswerJson::readsWhatItWrote()
{
    UsageAnswer answer;
    for (const EventStatus status : {EventStatus::Accepted, EventStatus::Settled, EventStatus::Duplicate})
        answer.results.push_back({"e", status, {}});
    answer.results.push_back(
        {"\xC3\xA9\x01", EventStatus::Conflict, Error{ErrorCode::PayloadConflict, "s", "d"}});
    answer.results.push_back({"", EventStatus::Rejected, Error{ErrorCode::WrongType}});
    QCOMPARE(*decodeUsageAnswer(encodeUsageAnswer(answer)), answer);
    answer.position = JournalPosition(1);
    answer.settled = true;
    QCOMPARE(*decodeUsageAnswer(encodeUsageAnswer(answer)), answer);
}

void TestUsageAnswerJson::readsANewerServer()
{
    const auto answer = decodeUsageAnswer(
        R"({"results":[{"status":"rejected","code":"of_tomorrow","detail":"d","hint":1,"index":0}],"extra":{}})");
    QVERIFY(answer.has_value());
    QCOMPARE(*answer->results.front().error, (Error{ErrorCode::Internal, "", "of_tomorrow: d"}));
}

void TestUsageAnswerJson::readsAndWritesRecorded()
{
    UsageRecorded recorded{"e\"", JournalPosition(5)};
    QCOMPARE(encodeUsageRecorded(recorded), R"({"event_id":"e\"","recorded":true,"position":5})");
    QCOMPARE(*decodeUsageRecorded(encodeUsageRecorded(recorded)), recorded);
    recorded.status = EventStatus::Duplicate;
    QCOMPARE(*decodeUsageRecorded(encodeUsageRecorded(recorded)), recorded);
}

QTEST_APPLESS_MAIN(TestUsageAnswerJson)
#include "tst_usage_answer_json.moc"
