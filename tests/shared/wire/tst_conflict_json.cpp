// A conflict on the wire, and what the store keeps of the refused side.
#include "shared/wire/conflict_json.h"

#include <QTest>

using namespace billing;
using namespace billing::wire;

class TestConflictJson : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aPayloadComesBack();
    void refuses_data();
    void refuses();
    void tellsBothSides();
    void tellsWhatIsNotKnown();
};

namespace {

EventPayload payload(const char* value)
{
    return {*Instant::parse("2026-09-15T11:00:00.25Z"),
            "llm_tokens",
            *Decimal::parse(value),
            {{"direction", "in\"put"}, {"model", "gpt4"}}};
}

} // namespace

void TestConflictJson::aPayloadComesBack()
{
    const std::string text = encodeEventPayload(payload("1.50"));
    QCOMPARE(QString::fromStdString(text),
             QString::fromUtf8(
                 R"({"timestamp":"2026-09-15T11:00:00.25Z","metric_type":"llm_tokens","value":"1.5",)"
                 R"("dimensions":{"direction":"in\"put","model":"gpt4"}})"));
    QVERIFY(*decodeEventPayload(text) == payload("1.5"));
    const EventPayload bare{Instant::fromMicros(0), "a", Decimal(), {}};
    QVERIFY(*decodeEventPayload(encodeEventPayload(bare)) == bare);
}

void TestConflictJson::refuses_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("answer");
    const auto row = [](const char* text, const char* answer) { QTest::newRow(answer) << text << answer; };
    row("", "malformed_json body");
    row(R"({"timestamp":"2026-09-15T11:00:00Z","metric_type":"a","value":"1"})", "missing_field dimensions");
    row(R"({"timestamp":"2026-09-15T11:00:00Z","metric_type":"a","value":"1","dimensions":{"a":1}})",
        "wrong_type dimensions.a");
    row(R"({"timestamp":"yesterday","metric_type":"a","value":"1","dimensions":{}})",
        "invalid_timestamp timestamp");
    row(R"({"timestamp":"2026-09-15T11:00:00Z","metric_type":"a","value":"1e2","dimensions":{}})",
        "invalid_decimal value");
}

void TestConflictJson::refuses()
{
    QFETCH(QString, text);
    QFETCH(QString, answer);
    const auto read = decodeEventPayload(text.toStdString());
    QVERIFY(!read);
    const std::string subject = read.error().subject.empty() ? "" : " " + read.error().subject;
    QCOMPARE(std::string(billing::wireName(read.error().code)) + subject, answer.toStdString());
}

void TestConflictJson::tellsBothSides()
{
    const Conflict conflict{TenantId("nova"),
                            "kernel",
                            "e\"1",
                            JournalPosition(9),
                            Instant::parse("2026-09-15T12:00:00Z").value(),
                            ConflictSide{payload("1"), JournalPosition(7)},
                            AcceptedMissing::NotFound,
                            ConflictSide{payload("2"), JournalPosition(9)}};
    QCOMPARE(QString::fromStdString(encodeConflict(conflict)),
             QString::fromUtf8(
                 R"({"tenant_id":"nova","source":"kernel","event_id":"e\"1","position":9,)"
                 R"("noticed_at":"2026-09-15T12:00:00Z","accepted":{"timestamp":"2026-09-15T11:00:00.25Z",)"
                 R"("metric_type":"llm_tokens","value":"1","dimensions":{"direction":"in\"put",)"
                 R"("model":"gpt4"},"position":7},"refused":{"timestamp":"2026-09-15T11:00:00.25Z",)"
                 R"("metric_type":"llm_tokens","value":"2","dimensions":{"direction":"in\"put",)"
                 R"("model":"gpt4"},"position":9},"differs":["value"]})"));
}

void TestConflictJson::tellsWhatIsNotKnown()
{
    const Conflict old{
        TenantId("nova"), "", "e1", JournalPosition(9), {}, {}, AcceptedMissing::NotReached, {}};
    QCOMPARE(QString::fromStdString(encodeConflict(old)),
             QString::fromUtf8(
                 R"({"tenant_id":"nova","source":"","event_id":"e1","position":9,"noticed_at":null,)"
                 R"("accepted":null,"accepted_missing":"not_reached","refused":null,"differs":null})"));
}

QTEST_APPLESS_MAIN(TestConflictJson)
#include "tst_conflict_json.moc"
