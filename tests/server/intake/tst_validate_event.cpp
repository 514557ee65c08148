// What an event is refused for, in order, and where the limits of time lie exactly.
#include "server/intake/validate_event.h"
#include "tests/support/printing.h"

#include <QTest>

using namespace billing;
using namespace billing::test;

class TestValidateEvent : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theEdgesOfTime_data();
    void theEdgesOfTime();
    void judges_data();
    void judges();
    void hintsAtWhatIsAllowed();
};

void TestValidateEvent::judges_data()
{
    QTest::addColumn<std::string>("metric");
    QTest::addColumn<std::string>("dimensions");
    QTest::addColumn<std::string>("at");
    QTest::addColumn<bool>("backfill");
    QTest::addColumn<std::string>("verdict");
    const auto row = [](const char* name, const char* metric, const char* dimensions, const char* at,
                        bool backfill, const char* verdict) {
        QTest::newRow(name) << std::string(metric) << std::string(dimensions) << std::string(at) << backfill
                            << std::string(verdict);
    };
    const char* now = "2023-11-16T12:00:00Z";
    row("unknown metric goes first", "none", "", "2043-01-01T00:00:00Z", false, "unknown_metric metric_type");
    row("inactive meter", "storage", "", now, false, "unknown_metric metric_type");
    row("no dimension", "tokens", "", now, false, "missing_dimension dimensions.direction");
    row("one dimension of two", "tokens", "direction=in", now, false, "missing_dimension dimensions.model");
    row("dimension before time", "tokens", "", "2043-01-01T00:00:00Z", false,
        "missing_dimension dimensions.direction");
    row("other filter needs no dimension", "filtered", "kind=b", now, false, "ok");
    row("own filter needs its dimension", "filtered", "kind=a", now, false,
        "missing_dimension dimensions.zone");
    row("allowed value", "files", "class=hot", now, false, "ok");
    row("value not allowed", "files", "class=Hot", now, false, "unknown_dimension_value dimensions.class");
    row("missing before not allowed", "files", "", now, false, "missing_dimension dimensions.class");
    row("not allowed before time", "files", "class=ice", "2043-01-01T00:00:00Z", false,
        "unknown_dimension_value dimensions.class");
    row("any value of another dimension", "files", "class=hot,colour=RED", now, false, "ok");
    row("just too far ahead", "calls", "", "2023-11-16T12:05:00.000001Z", true,
        "timestamp_in_future timestamp");
    row("five minutes ahead", "calls", "", "2023-11-16T12:05:00Z", false, "ok");
    row("35 days", "calls", "", "2023-10-12T12:00:00Z", false, "ok");
    row("just beyond 35 days", "calls", "", "2023-10-12T11:59:59.999999Z", false,
        "timestamp_too_old timestamp");
    row("backfill", "calls", "", "2023-10-12T11:59:59.999999Z", true, "ok");
    row("first day of the horizon", "calls", "", "2016-11-16T00:00:00Z", true, "ok");
    row("before the horizon", "calls", "", "2016-11-15T23:59:59.999999Z", true, "beyond_retention timestamp");
    row("horizon before age", "calls", "", "2016-11-15T23:59:59.999999Z", false,
        "beyond_retention timestamp");
    row("before 1970", "calls", "", "1969-12-31T23:59:59Z", true, "beyond_retention timestamp");
    row("undeclared dimensions pass", "calls", "colour=red", now, false, "ok");
}

void TestValidateEvent::judges()
{
    QFETCH(const std::string, metric);
    QFETCH(const std::string, dimensions);
    QFETCH(const std::string, at);
    QFETCH(const bool, backfill);
    QFETCH(const std::string, verdict);
    const std::vector<Meter> meters{
        {.code = MeterCode("calls"), .metricType = "calls"},
        {.code = MeterCode("tokens"), .metricType = "tokens", .dimensions = {"direction", "model"}},
        {.code = MeterCode("filtered"),
         .metricType = "filtered",
         .filter = {{"kind", "a"}},
         .dimensions = {"zone"}},
        {.code = MeterCode("files"),
         .metricType = "files",
         .dimensions = {"class"},
         .allowed = {{"class", {"cold", "hot", "warm"}}}},
        {.code = MeterCode("storage"), .metricType = "storage", .activity = Activity::Inactive}};
    const UsageEvent event{TenantId("nova"),
                           "",
                           "e1",
                           metric,
                           Decimal::fromInteger(1),
                           Instant::parse(at).value(),
                           parseDimensionKey(dimensions).value()};
    const auto judged =
        validateEvent(event, MeterIndex(meters), {}, Instant::parse("2023-11-16T12:00:00Z").value(),
                      backfill ? Backfill::Allowed : Backfill::Refused);
    const std::string said =
        judged ? "ok" : std::string(wireName(judged.error().code)) + " " + judged.error().subject;
    QCOMPARE(said, verdict);
}

void TestValidateEvent::hintsAtWhatIsAllowed()
{
    Meter meter{.code = MeterCode("files"), .metricType = "files", .dimensions = {"class"}};
    meter.allowed = {{"class", {"cold", "hot", "warm"}}};
    const auto detailOf = [&](const std::string& value) {
        const Instant now = Instant::parse("2023-11-16T12:00:00Z").value();
        const UsageEvent event{TenantId("nova"), "", "e", "files", Decimal(), now, {{"class", value}}};
        const std::vector<Meter> meters{meter};
        return validateEvent(event, MeterIndex(meters), {}, now, Backfill::Refused).error().detail;
    };
    QCOMPARE(detailOf("HOT "), std::string("did you mean hot"));
    QCOMPARE(detailOf("ice"), std::string("allowed: cold, hot, warm"));
    for (int i = 10; i < 20; ++i)
        meter.allowed[0].values.push_back("x" + std::to_string(i));
    // Never what was sent, however long it is.
    QCOMPARE(detailOf(std::string(256, 'i')),
             std::string("allowed: cold, hot, warm, x10, x11, x12, x13, x14, x15, x16 and 3 more"));
}

void TestValidateEvent::theEdgesOfTime_data()
{
    QTest::addColumn<std::string>("now");
    QTest::addColumn<std::string>("at");
    QTest::addColumn<std::string>("verdict");
    const auto row = [](const char* now, const char* at, const char* verdict) {
        QTest::addRow("%s %s", now, at) << std::string(now) << std::string(at) << std::string(verdict);
    };
    const char* const first = "0001-01-01T00:00:00Z";
    const char* const last = "9999-12-31T23:59:59.999999Z";
    row("2023-11-16T12:00:00Z", first, "beyond_retention");
    row("2023-11-16T12:00:00Z", last, "timestamp_in_future");
    row("2023-11-16T12:00:00Z", "2023-11-16T12:05:00Z", "ok");
    row("2023-11-16T12:00:00Z", "2023-11-16T12:05:00.000001Z", "timestamp_in_future");
    row("2023-11-16T12:00:00Z", "2016-11-16T00:00:00Z", "ok");
    row("2023-11-16T12:00:00Z", "2016-11-15T23:59:59.999999Z", "beyond_retention");
    row(last, last, "ok"); // clocks that are wrong
    row(last, first, "beyond_retention");
    row(first, first, "ok");
    row(first, last, "timestamp_in_future");
    row("0005-06-15T00:00:00Z", first, "ok"); // the horizon would lie before year 1
    row("1970-01-01T00:00:00Z", "1969-12-31T23:59:59.999999Z", "ok");
    row("1970-01-01T00:00:00Z", "1962-12-31T23:59:59.999999Z", "beyond_retention");
}

void TestValidateEvent::theEdgesOfTime()
{
    QFETCH(const std::string, now);
    QFETCH(const std::string, at);
    QFETCH(const std::string, verdict);
    const std::vector<Meter> meters{{.code = MeterCode("calls"), .metricType = "calls"}};
    const UsageEvent event{TenantId("nova"),           "", "e1", "calls", Decimal::fromInteger(1),
                           Instant::parse(at).value(), {}};
    const auto judged =
        validateEvent(event, MeterIndex(meters), {}, Instant::parse(now).value(), Backfill::Allowed);
    QCOMPARE(judged ? std::string("ok") : std::string(wireName(judged.error().code)), verdict);
}

QTEST_APPLESS_MAIN(TestValidateEvent)
#include "tst_validate_event.moc"
