// What differs between two events of one identity, as the fields of an event are named.
#include "shared/model/event_payload.h"

#include <QTest>

using namespace billing;

class TestEventPayload : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void differs_data();
    void differs();
};

namespace {

EventPayload base()
{
    return payloadOf({TenantId("nova"),
                      "kernel",
                      "e1",
                      "llm_tokens",
                      *Decimal::parse("1.5"),
                      *Instant::parse("2026-09-15T11:00:00Z"),
                      {{"direction", "input"}, {"model", "gpt4"}}});
}

using Change = void (*)(EventPayload&);

} // namespace

Q_DECLARE_METATYPE(Change)

void TestEventPayload::differs_data()
{
    QTest::addColumn<Change>("change");
    QTest::addColumn<QString>("fields");
    const auto row = [](const char* fields, Change change) {
        QTest::newRow(*fields ? fields : "nothing") << change << QString::fromUtf8(fields);
    };
    row("", [](EventPayload&) {});
    row("timestamp", [](EventPayload& one) { one.at = *Instant::parse("2026-09-15T11:00:00.000001Z"); });
    row("metric_type", [](EventPayload& one) { one.metricType = "LLM_tokens"; });
    row("value", [](EventPayload& one) { one.value = *Decimal::parse("1.6"); });
    row("dimensions.model", [](EventPayload& one) { one.dimensions[1].value = "GPT4"; });
    row("dimensions.direction", [](EventPayload& one) { one.dimensions.erase(one.dimensions.begin()); });
    row("dimensions.zone", [](EventPayload& one) { one.dimensions.push_back({"zone", "eu"}); });
    row("timestamp metric_type value dimensions.direction dimensions.model", [](EventPayload& one) {
        one = {Instant::fromMicros(0), "x", Decimal(), {}};
    });
}

void TestEventPayload::differs()
{
    QFETCH(Change, change);
    QFETCH(QString, fields);
    EventPayload other = base();
    change(other);
    for (const auto& told : {differences(base(), other), differences(other, base())}) {
        std::string text;
        for (const std::string& field : told)
            text += (text.empty() ? "" : " ") + field;
        QCOMPARE(text, fields.toStdString());
    }
}

QTEST_APPLESS_MAIN(TestEventPayload)
#include "tst_event_payload.moc"
