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
    void isBounded_data();
    void isBounded();
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
        return usageSeries(work, {TenantId("nova"), meter, buckets, groupBy});
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

void TestUsageSeries::isBounded_data()
{
    QTest::addColumn<bool>("isCut");
    QTest::addColumn<int>("cells");
    QTest::addColumn<int>("rows");
    QTest::addColumn<std::string>("said");
    // Three models in two buckets; six rollups, and four events in the hour that is cut.
    QTest::newRow("as many cells") << false << 6 << 100 << std::string("3");
    QTest::newRow("one cell too few") << false << 5 << 100 << std::string("range_too_large group_by");
    QTest::newRow("no cell at all") << false << 1 << 100 << std::string("range_too_large group_by");
    QTest::newRow("as many rows") << false << 6 << 6 << std::string("3");
    QTest::newRow("one row too few") << false << 6 << 5 << std::string("range_too_large from");
    QTest::newRow("cut, as many rows") << true << 6 << 10 << std::string("3");
    QTest::newRow("cut, one row too few") << true << 6 << 9 << std::string("range_too_large from");
    QTest::newRow("cut, one cell too few") << true << 5 << 100 << std::string("range_too_large group_by");
}

void TestUsageSeries::isBounded()
{
    QFETCH(const bool, isCut);
    QFETCH(const int, cells);
    QFETCH(const int, rows);
    QFETCH(const std::string, said);
    BillingWorld world;
    world.addTenant("nova");
    std::vector<UsageEvent> events;
    for (const char* hour : {"10", "11"}) {
        for (const char* model : {"a", "b", "c"}) {
            events.push_back(world.event("nova", std::string(hour) + model, "1",
                                         "2023-10-31T" + std::string(hour) + ":40:00Z"));
            events.back().metricType = "llm_tokens";
            events.back().dimensions = {{"direction", "input"}, {"model", model}};
        }
        events.push_back(world.event("nova", hour, "1", "2023-10-31T" + std::string(hour) + ":50:00Z"));
    }
    world.accept(events); // and two of another meter, which cost nothing here: they are not read
    world.settleAll();
    const auto at = [](const char* text) { return Instant::parse(text).value(); };
    const Instant middle = at(isCut ? "2023-10-31T11:30:00Z" : "2023-10-31T11:00:00Z");
    const std::vector<InstantRange> buckets{{at("2023-10-31T10:00:00Z"), middle},
                                            {middle, at("2023-10-31T12:00:00Z")}};
    const std::vector<std::string> groupBy{"model"};
    const Meter& meter = *world.meters->find(MeterCode("llm_tokens"));
    const auto series = readValue(world.storage(), Scope::tenant(TenantId("nova")), [&](Work& work) {
        return usageSeries(work, {TenantId("nova"),
                                  meter,
                                  buckets,
                                  groupBy,
                                  {static_cast<std::size_t>(cells), std::int64_t{rows}}});
    });
    QCOMPARE(series ? std::to_string(series->size()) : BillingWorld::said(series.error()), said);
}

QTEST_GUILESS_MAIN(TestUsageSeries)
#include "tst_usage_series.moc"
