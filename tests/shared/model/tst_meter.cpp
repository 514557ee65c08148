// Which events a meter takes, and the names of aggregations.
#include "shared/model/meter.h"

#include <QTest>

using namespace billing;

class TestMeter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void takes_data();
    void takes();
    void findsTheHighestVersion();
    void namesAggregations();
};

void TestMeter::takes_data()
{
    QTest::addColumn<QByteArray>("metric");
    QTest::addColumn<QByteArray>("model");
    QTest::addColumn<QByteArray>("direction");
    QTest::addColumn<bool>("active");
    QTest::addColumn<bool>("taken");
    QTest::newRow("inactive") << QByteArray("llm") << QByteArray("gpt4") << QByteArray("in") << false
                              << false;
    QTest::newRow("other metric") << QByteArray("api") << QByteArray("gpt4") << QByteArray("in") << true
                                  << false;
    QTest::newRow("metric's beginning")
        << QByteArray("ll") << QByteArray("gpt4") << QByteArray("in") << true << false;
    QTest::newRow("filter not met") << QByteArray("llm") << QByteArray("gpt35") << QByteArray("in") << true
                                    << false;
    QTest::newRow("filtered dimension absent")
        << QByteArray("llm") << QByteArray() << QByteArray("in") << true << false;
    QTest::newRow("second filter not met")
        << QByteArray("llm") << QByteArray("gpt4") << QByteArray("out") << true << false;
    QTest::newRow("all met") << QByteArray("llm") << QByteArray("gpt4") << QByteArray("in") << true << true;
}

void TestMeter::takes()
{
    QFETCH(QByteArray, metric);
    QFETCH(QByteArray, model);
    QFETCH(QByteArray, direction);
    QFETCH(bool, active);
    Meter meter{
        .code = MeterCode("m"), .metricType = "llm", .filter = {{"direction", "in"}, {"model", "gpt4"}}};
    meter.activity = active ? Activity::Active : Activity::Inactive;
    UsageEvent event{TenantId("acme"), "", "e", metric.toStdString(), {}, Instant::fromMicros(0), {}};
    event.dimensions = {{"direction", direction.toStdString()}, {"extra", "x"}};
    if (!model.isEmpty())
        event.dimensions.push_back({"model", model.toStdString()});
    QTEST(billing::takes(meter, event), "taken");
    meter.filter.clear();
    QCOMPARE(billing::takes(meter, event), active && metric == "llm");
}

void TestMeter::findsTheHighestVersion()
{
    const std::vector<Meter> meters{{.code = MeterCode("a"), .version = 2, .metricType = "x"},
                                    {.code = MeterCode("a"), .version = 3, .metricType = "y"},
                                    {.code = MeterCode("a"), .version = 1, .metricType = "z"}};
    QCOMPARE(findMeter(meters, MeterCode("a"))->version, 3);
    QVERIFY(!findMeter(meters, MeterCode("b")));
    QVERIFY(!findMeter({}, MeterCode("a")));
}

void TestMeter::namesAggregations()
{
    int count = 0;
    for (const char* name : {"sum", "count", "max", "unique_count", "latest", "time_weighted"}) {
        const auto aggregation = parseAggregation(name);
        QVERIFY(aggregation.has_value());
        QCOMPARE(int(*aggregation), count++);
        QCOMPARE(wireName(*aggregation), std::string_view(name));
    }
    for (const char* name : {"", "Sum", "sums", "sum "})
        QCOMPARE(int(parseAggregation(name).error().code), int(ErrorCode::InvalidValue));
}

QTEST_APPLESS_MAIN(TestMeter)
#include "tst_meter.moc"
