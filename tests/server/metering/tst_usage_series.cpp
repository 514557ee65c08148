// Usage cut into buckets: whole hours from rollups, cut ones from events, both the same figures.
#include "server/metering/usage_series.h"
#include "tests/server/invoicing/billing_world.h"
#include "tests/support/printing.h"

#include <QTest>

using namespace billing;
using namespace billing::test;

class TestUsageSeries : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void answers_data();
    void answers();
};

void TestUsageSeries::answers_data()
{
    QTest::addColumn<std::string>("from");
    QTest::addColumn<std::string>("middle");
    QTest::addColumn<std::string>("end");
    QTest::addColumn<std::vector<std::string>>("groupBy");
    QTest::addColumn<std::string>("answer");
    const auto row = [](const char* name, const char* from, const char* middle, const char* end,
                        std::vector<std::string> groupBy, const char* answer) {
        QTest::newRow(name) << std::string(from) << std::string(middle) << std::string(end) << groupBy
                            << std::string(answer);
    };
    const std::vector<std::string> model{"model"};
    row("nothing there", "2023-10-01T00:00:00Z", "2023-10-01T01:00:00Z", "2023-10-01T02:00:00Z", {}, "");
    row("whole hours", "2023-10-31T10:00:00Z", "2023-10-31T11:00:00Z", "2023-10-31T12:00:00Z", {},
        "30+4=34; ");
    row("cut hours", "2023-10-31T10:00:00Z", "2023-10-31T10:30:00Z", "2023-10-31T12:00:00Z", {},
        "10+24=34; ");
    row("by model", "2023-10-31T10:00:00Z", "2023-10-31T11:00:00Z", "2023-10-31T12:00:00Z", model,
        "claude 20+0=20; gpt4 10+4=14; ");
    row("by model, cut", "2023-10-31T10:00:00Z", "2023-10-31T10:30:00Z", "2023-10-31T12:00:00Z", model,
        "claude 0+20=20; gpt4 10+4=14; ");
}

void TestUsageSeries::answers()
{
    QFETCH(const std::string, from);
    QFETCH(const std::string, middle);
    QFETCH(const std::string, end);
    QFETCH(const std::vector<std::string>, groupBy);
    QFETCH(const std::string, answer);
    BillingWorld world;
    world.addTenant("nova");
    const auto tokens = [&](const char* id, const char* value, const char* at, const char* name) {
        UsageEvent event = world.event("nova", id, value, at);
        event.metricType = "llm_tokens";
        event.dimensions = {{"direction", "input"}, {"model", name}};
        return event;
    };
    world.accept({tokens("a", "10", "2023-10-31T10:15:00Z", "gpt4"),
                  tokens("b", "20", "2023-10-31T10:30:00Z", "claude"),
                  tokens("c", "4", "2023-10-31T11:59:59.999999Z", "gpt4"),
                  tokens("d", "99", "2023-10-31T12:00:00Z", "gpt4")});
    world.settleAll();

    const auto at = [](const std::string& text) { return Instant::parse(text).value(); };
    const std::vector<InstantRange> buckets{{at(from), at(middle)}, {at(middle), at(end)}};
    const Meter& meter = *world.meters->find(MeterCode("llm_tokens"));
    const auto series = readValue(world.storage(), Scope::tenant(TenantId("nova")), [&](Work& work) {
        return usageSeries(work, *world.meters, {TenantId("nova"), meter, buckets, groupBy});
    });
    std::string text;
    for (const UsageSeries& one : *series) {
        for (const Dimension& dimension : one.group)
            text += dimension.value + " ";
        text += one.slices.at(0).quantity.toText() + "+" + one.slices.at(1).quantity.toText() + "=" +
                one.total.quantity.toText() + "; ";
    }
    QCOMPARE(text, answer);
}

QTEST_GUILESS_MAIN(TestUsageSeries)
#include "tst_usage_series.moc"
