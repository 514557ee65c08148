// The index of meters: active ones only, the newest version of each, found by metric type and by code.
#include "shared/model/meter_index.h"

#include <QTest>

using namespace billing;

class TestMeterIndex : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isEmptyWithoutMeters();
    void leavesOutInactiveMeters();
    void keepsTheNewestVersion();
    void findsAllOfAMetric();
};

void TestMeterIndex::isEmptyWithoutMeters()
{
    const MeterIndex index({});
    QVERIFY(index.all().empty() && index.ofMetric("x").empty() && !index.find(MeterCode("a")));
}

void TestMeterIndex::leavesOutInactiveMeters()
{
    const std::vector<Meter> meters{
        {.code = MeterCode("a"), .metricType = "x", .activity = Activity::Inactive},
        // Once its newest version is inactive, a meter takes nothing: the older version does not come back.
        {.code = MeterCode("b"), .version = 1, .metricType = "x"},
        {.code = MeterCode("b"), .version = 2, .metricType = "x", .activity = Activity::Inactive}};
    const MeterIndex index(meters);
    QVERIFY(index.all().empty() && index.ofMetric("x").empty() && !index.find(MeterCode("b")));
}

void TestMeterIndex::keepsTheNewestVersion()
{
    const std::vector<Meter> meters{{.code = MeterCode("a"), .version = 3, .metricType = "new"},
                                    {.code = MeterCode("a"), .version = 1, .metricType = "old"}};
    const MeterIndex index(meters);
    QCOMPARE(index.find(MeterCode("a"))->version, 3);
    QVERIFY(index.ofMetric("old").empty());
    QCOMPARE(index.ofMetric("new").size(), 1u);
}

void TestMeterIndex::findsAllOfAMetric()
{
    const std::vector<Meter> meters{{.code = MeterCode("a"), .metricType = "x"},
                                    {.code = MeterCode("b"), .metricType = "y"},
                                    {.code = MeterCode("c"), .metricType = "x"}};
    const MeterIndex index(meters);
    const auto found = index.ofMetric("x");
    QCOMPARE(found.size(), 2u);
    QCOMPARE(found[0]->code, MeterCode("a"));
    QCOMPARE(found[1], index.find(MeterCode("c")));
}

QTEST_APPLESS_MAIN(TestMeterIndex)
#include "tst_meter_index.moc"
