// What the server would say to an event, said before it is sent: a table of refusals, each with a twin that
// differs in one thing and is good.
#include "shared/usage_client/event_check.h"

#include <QTest>

using namespace billing;
using namespace billing::client;

namespace {

const Instant now = Instant::parse("2026-03-01T12:00:00Z").value();

UsageEvent goodEvent()
{
    return {TenantId("acme"),
            "",
            "",
            "llm_tokens",
            Decimal::fromInteger(1),
            Instant::parse("2026-03-01T11:00:00Z").value(),
            {{"direction", "input"}, {"model", "gpt4"}}};
}

std::vector<Meter> meters()
{
    Meter tokens{MeterCode("tokens"), 1, "llm_tokens", Aggregation::Sum, {}, {"direction", "model"}};
    Meter calls{MeterCode("calls"), 1, "api_request", Aggregation::Sum, {{"billable", "yes"}}, {"region"}};
    Meter old{MeterCode("old"), 1, "fax_page"};
    old.activity = Activity::Inactive;
    return {tokens, calls, old};
}

} // namespace

using Change = std::function<void(UsageEvent&)>;
Q_DECLARE_METATYPE(Change)

class TestEventCheck : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refuses_data();
    void refuses();
    void takes_data();
    void takes();
    void rules();
};

void TestEventCheck::refuses_data()
{
    QTest::addColumn<Change>("change");
    QTest::addColumn<int>("code");
    QTest::addColumn<QByteArray>("subject");
    const auto refused = [](const char* name, Change change, ErrorCode code, const char* subject) {
        QTest::newRow(name) << change << int(code) << QByteArray(subject);
    };
    using enum ErrorCode;
    const auto at = [](const char* text) {
        return [instant = Instant::parse(text).value()](UsageEvent& event) { event.at = instant; };
    };
    refused(
        "negative", [](UsageEvent& event) { event.value = Decimal::fromInteger(-1); }, NegativeQuantity,
        "value");
    refused(
        "tenant's shape", [](UsageEvent& event) { event.tenant = TenantId("Acme"); }, InvalidTenantId,
        "tenant_id");
    refused(
        "reserved tenant", [](UsageEvent& event) { event.tenant = TenantId("batch"); }, ReservedTenantId,
        "tenant_id");
    refused(
        "metric's shape", [](UsageEvent& event) { event.metricType = "LLM"; }, InvalidValue, "metric_type");
    refused(
        "no metric", [](UsageEvent& event) { event.metricType.clear(); }, InvalidValue, "metric_type");
    refused(
        "id too long", [](UsageEvent& event) { event.eventId = std::string(257, 'x'); }, TooLong, "event_id");
    refused(
        "source too long", [](UsageEvent& event) { event.source = std::string(129, 'x'); }, TooLong,
        "source");
    refused(
        "dimension too long", [](UsageEvent& event) { event.dimensions[0].value = std::string(257, 'x'); },
        TooLong, "dimensions.direction");
    refused(
        "dimension's name", [](UsageEvent& event) { event.dimensions[0].name = "Direction"; }, InvalidValue,
        "dimensions.Direction");
    refused(
        "too many dimensions",
        [](UsageEvent& event) {
            for (int index = 0; index < 15; ++index)
                event.dimensions.push_back({"z" + std::to_string(index), "x"});
            std::sort(event.dimensions.begin(), event.dimensions.end());
        },
        TooManyItems, "dimensions");
    refused(
        "unknown metric", [](UsageEvent& event) { event.metricType = "llm_token"; }, UnknownMetric,
        "metric_type");
    refused(
        "metric of an inactive meter", [](UsageEvent& event) { event.metricType = "fax_page"; },
        UnknownMetric, "metric_type");
    refused(
        "declared dimension missing", [](UsageEvent& event) { event.dimensions.pop_back(); },
        MissingDimension, "dimensions.model");
    refused(
        "declared dimension missing where the filter holds",
        [](UsageEvent& event) {
            event.metricType = "api_request";
            event.dimensions = {{"billable", "yes"}};
        },
        MissingDimension, "dimensions.region");
    refused("future", at("2026-03-01T12:05:00.000001Z"), TimestampInFuture, "timestamp");
    refused("too old", at("2026-01-25T11:59:59.999999Z"), TimestampTooOld, "timestamp");
    refused("beyond retention", at("2019-02-28T23:59:59Z"), BeyondRetention, "timestamp");
    refused("year 1", at("0001-01-01T00:00:00Z"), BeyondRetention, "timestamp");
}

void TestEventCheck::refuses()
{
    QFETCH(Change, change);
    const MeterIndex index(meters());
    EventRules rules{.now = now, .meters = &index};
    UsageEvent event = goodEvent();
    QVERIFY(checkEvent(event, rules).has_value());
    change(event);
    const auto checked = checkEvent(event, rules);
    QVERIFY(!checked);
    QTEST(int(checked.error().code), "code");
    QTEST(QByteArray::fromStdString(checked.error().subject), "subject");
}

void TestEventCheck::takes_data()
{
    QTest::addColumn<Change>("change");
    const auto at = [](const char* text) {
        return [instant = Instant::parse(text).value()](UsageEvent& event) { event.at = instant; };
    };
    QTest::newRow("as it is") << Change([](UsageEvent&) {});
    QTest::newRow("zero") << Change([](UsageEvent& event) { event.value = Decimal(); });
    QTest::newRow("its own id") << Change([](UsageEvent& event) { event.eventId = std::string(256, 'x'); });
    QTest::newRow("a little ahead") << Change(at("2026-03-01T12:05:00Z"));
    QTest::newRow("just not too old") << Change(at("2026-01-25T12:00:00Z"));
    QTest::newRow("not declared") << Change([](UsageEvent& event) {
        event.dimensions.push_back({"z", "x"});
    });
    QTest::newRow("the filter passes it over") << Change([](UsageEvent& event) {
        event.metricType = "api_request";
        event.dimensions = {{"billable", "no"}};
    });
}

void TestEventCheck::takes()
{
    QFETCH(Change, change);
    const MeterIndex index(meters());
    UsageEvent event = goodEvent();
    change(event);
    const auto checked = checkEvent(event, {.now = now, .meters = &index});
    QVERIFY2(checked.has_value(), checked ? "" : toText(checked.error()).c_str());
}

void TestEventCheck::rules()
{
    UsageEvent event = goodEvent();
    event.at = Instant::parse("2019-03-01T00:00:00Z").value();
    QVERIFY(!checkEvent(event, {.now = now}));
    QVERIFY(checkEvent(event, {.now = now, .backfill = true}).has_value());
    QVERIFY(!checkEvent(event, {.now = now, .backfill = true, .retentionMonths = 83}));
    event = goodEvent();
    event.metricType = "any";
    QVERIFY(checkEvent(event, {.now = now}).has_value()); // nothing is known of meters
}

QTEST_APPLESS_MAIN(TestEventCheck)
#include "tst_event_check.moc"
