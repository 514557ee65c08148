// GET /usage/{tenant_id} and GET /usage/current: sums as exact decimals, cut by the tenant's own days.
#include "tests/server/api/api_fixture.h"

#include "shared/wire/usage_report_json.h"

using namespace billing;

class TestUsage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusesAsking_data();
    void refusesAsking();
    void sumsExactly();
    void cutsByLocalDays();
    void groupsByDimension();
    void whatIsNotSettledDoesNotCount();
    void refusesCurrent_data();
    void refusesCurrent();
    void currentPeriods_data();
    void currentPeriods();
    void aBoundTokenSeesItsOwn();
};

namespace {

const test::Query september{{"metric_type", "api_request"}, {"from", "2026-09-01"}, {"to", "2026-10-01"}};

test::Query with(test::Query query, const std::string& name, const std::string& value)
{
    query.emplace_back(name, value);
    return query;
}

wire::UsageReport reportOf(const Result<http::Response>& response)
{
    return wire::decodeUsageReport(test::bodyText(*response)).value();
}

} // namespace

void TestUsage::refusesAsking_data()
{
    QTest::addColumn<QString>("tenant");
    QTest::addColumn<QString>("query"); // name=value&...
    QTest::addColumn<QString>("answer");
    const auto row = [](const char* name, const char* tenant, const char* query, const char* answer) {
        QTest::newRow(name) << QString::fromUtf8(tenant) << QString::fromUtf8(query)
                            << QString::fromUtf8(answer);
    };
    row("unknown parameter", "acme", "colour=red", "400 unknown_parameter colour");
    row("unknown tenant", "nobody", "metric_type=api_request&from=2026-09-01&to=2026-10-01",
        "404 not_found tenant_id");
    row("no metric", "acme", "from=2026-09-01&to=2026-10-01", "400 missing_field metric_type");
    row("unknown metric", "acme", "metric_type=smiles&from=2026-09-01&to=2026-10-01",
        "422 unknown_metric metric_type");
    row("inactive meter", "acme", "metric_type=storage_gb&from=2026-09-01&to=2026-10-01",
        "422 unknown_metric metric_type");
    row("no span", "acme", "metric_type=api_request", "400 missing_field from");
    row("half a span", "acme", "metric_type=api_request&from=2026-09-01", "400 missing_field to");
    row("empty span", "acme", "metric_type=api_request&from=2026-09-01&to=2026-09-01",
        "422 invalid_value to");
    row("granularity", "acme", "metric_type=api_request&from=2026-09-01&to=2026-10-01&granularity=week",
        "422 invalid_value granularity");
    row("group by", "acme", "metric_type=api_request&from=2026-09-01&to=2026-10-01&group_by=model",
        "422 invalid_value group_by");
    row("too many buckets", "acme", "metric_type=api_request&from=2020-01-01&to=2026-01-01&granularity=hour",
        "400 range_too_large granularity");
    row("the last day of all", "acme",
        "metric_type=api_request&from=9999-12-31T00:00:00Z&to=9999-12-31T12:00:00Z&granularity=day",
        "422 invalid_timestamp from");
    row("the first day of all", "acme", "metric_type=api_request&from=0001-01-01&to=2026-01-01",
        "422 invalid_date from");
    row("the last day that is taken", "acme",
        "metric_type=api_request&from=2999-12-01&to=3000-01-01&granularity=day", "200");
}

void TestUsage::refusesAsking()
{
    QFETCH(QString, tenant);
    QFETCH(QString, query);
    QFETCH(QString, answer);
    test::ApiFixture rooms;
    rooms.addTenant("acme");
    test::Query parameters;
    for (const QString& part : query.split(QLatin1Char('&'), Qt::SkipEmptyParts))
        parameters.emplace_back(part.section(QLatin1Char('='), 0, 0).toStdString(),
                                part.section(QLatin1Char('='), 1).toStdString());
    const auto told = api::getUsage(rooms.services, rooms.get({tenant.toStdString()}, parameters));
    QCOMPARE(test::outcome(told), answer.toStdString());
}

void TestUsage::sumsExactly()
{
    test::ApiFixture rooms;
    rooms.addTenant("acme");
    rooms.sendAndSettle("acme", "0.1", "2026-09-01T00:00:00Z");
    rooms.sendAndSettle("acme", "0.2", "2026-09-14T10:00:00Z");
    rooms.sendAndSettle("acme", "0.000000000001", "2026-09-14T11:00:00Z");
    rooms.sendAndSettle("acme", "1000", "2026-08-31T21:59:59Z"); // August in Berlin
    const auto report = reportOf(api::getUsage(rooms.services, rooms.get({"acme"}, september)));
    QCOMPARE(report.asOf, rooms.clock.now());
    QCOMPARE(report.position, std::optional(JournalPosition(4)));
    QCOMPARE(report.groups.size(), std::size_t{1});
    QCOMPARE(report.groups[0].quantity.toText(), std::string("0.300000000001"));
    QCOMPARE(report.groups[0].events, 3);
    QCOMPARE(report.groups[0].buckets.size(), std::size_t{1});
}

void TestUsage::cutsByLocalDays()
{
    test::ApiFixture rooms;
    rooms.addTenant("acme");
    rooms.sendAndSettle("acme", "1", "2026-09-10T21:59:59.999999Z");
    rooms.sendAndSettle("acme", "2", "2026-09-10T22:00:00Z"); // the next day in Berlin
    const test::Query days{
        {"metric_type", "api_request"}, {"from", "2026-09-10"}, {"to", "2026-09-13"}, {"granularity", "day"}};
    const auto report = reportOf(api::getUsage(rooms.services, rooms.get({"acme"}, days)));
    std::string texts;
    for (const wire::UsageBucket& bucket : report.groups.at(0).buckets)
        texts += bucket.range.start.toText() + " " + bucket.quantity.toText() + "; ";
    QCOMPARE(texts, std::string("2026-09-09T22:00:00Z 1; 2026-09-10T22:00:00Z 2; 2026-09-11T22:00:00Z 0; "));
}

void TestUsage::groupsByDimension()
{
    test::ApiFixture rooms;
    rooms.addTenant("acme");
    const auto tokens = [&](const char* id, const char* model, const char* direction, const char* value) {
        return std::string(R"({"event_id":")") + id +
               R"(","tenant_id":"acme","metric_type":"llm_tokens","value":")" + value +
               R"(","timestamp":"2026-09-14T10:00:00Z","dimensions":{"model":")" + model +
               R"(","direction":")" + direction + R"("}})";
    };
    QVERIFY(rooms.postUsage(
        rooms.post(test::batchJson({tokens("a", "gpt4", "input", "1"), tokens("b", "gpt4", "output", "10"),
                                    tokens("c", "claude", "input", "100")}))));
    rooms.settleAll();
    test::Query query = september;
    query[0].second = "llm_tokens";
    const auto groups = [&](const std::string& by) {
        std::string text;
        const auto report =
            reportOf(api::getUsage(rooms.services, rooms.get({"acme"}, with(query, "group_by", by))));
        for (const wire::UsageGroup& group : report.groups) {
            for (const Dimension& dimension : group.dimensions)
                text += dimension.name + "=" + dimension.value + " ";
            text += group.quantity.toText() + "; ";
        }
        return text;
    };
    QCOMPARE(groups("model"), std::string("model=claude 100; model=gpt4 11; "));
    QCOMPARE(groups("direction"), std::string("direction=input 101; direction=output 10; "));
    QCOMPARE(groups("model,direction"),
             std::string("direction=input model=claude 100; direction=input model=gpt4 1; "
                         "direction=output model=gpt4 10; "));
    QCOMPARE(groups(""), std::string("111; "));
}

void TestUsage::whatIsNotSettledDoesNotCount()
{
    test::ApiFixture rooms;
    rooms.addTenant("acme");
    rooms.postUsage(rooms.post(test::eventJson("e1", "acme", "5", "2026-09-14T10:00:00Z")));
    const auto before = reportOf(api::getUsage(rooms.services, rooms.get({"acme"}, september)));
    QCOMPARE(before.position, std::optional(JournalPosition(0)));
    QVERIFY(before.groups.empty() || before.groups[0].quantity.isZero());
    rooms.settleAll();
    const auto after = reportOf(api::getUsage(rooms.services, rooms.get({"acme"}, september)));
    QCOMPARE(after.groups.at(0).quantity.toText(), std::string("5"));
}

void TestUsage::refusesCurrent_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("answer");
    QTest::newRow("unknown parameter") << "from"
                                       << "2026-09-01"
                                       << "400 unknown_parameter from";
    QTest::newRow("no tenant") << "metric_type"
                               << "api_request"
                               << "404 not_found tenant_id";
    QTest::newRow("no metric") << "tenant_id"
                               << "subscribed"
                               << "400 missing_field metric_type";
    QTest::newRow("no subscription") << "tenant_id"
                                     << "acme"
                                     << "422 no_subscription period";
}

void TestUsage::refusesCurrent()
{
    QFETCH(QString, name);
    QFETCH(QString, value);
    QFETCH(QString, answer);
    test::ApiFixture rooms;
    rooms.addTenant("acme");
    rooms.addTenant("subscribed");
    rooms.subscribe("subscribed", "lite", "2026-09-01");
    const auto told =
        api::getCurrentUsage(rooms.services, rooms.get({}, {{name.toStdString(), value.toStdString()}}));
    QCOMPARE(test::outcome(told), answer.toStdString());
}

void TestUsage::currentPeriods_data()
{
    QTest::addColumn<QString>("period");
    QTest::addColumn<QString>("answer");
    QTest::newRow("week") << "current_week"
                          << "422 invalid_value period";
    QTest::newRow("month") << "current_month"
                           << "2026-08-31T22:00:00Z 2026-09-30T22:00:00Z 3";
    QTest::newRow("year") << "current_year"
                          << "2025-12-31T23:00:00Z 2026-12-31T23:00:00Z 7";
    // Anchored on the 20th: the period that holds on 15 September began on 20 August.
    QTest::newRow("billing period") << "current_billing_period"
                                    << "2026-08-19T22:00:00Z 2026-09-19T22:00:00Z 7";
}

void TestUsage::currentPeriods()
{
    QFETCH(QString, period);
    QFETCH(QString, answer);
    test::ApiFixture rooms;
    rooms.addTenant("acme");
    rooms.subscribe("acme", "lite", "2026-06-20");
    rooms.sendAndSettle("acme", "3", "2026-09-14T10:00:00Z");
    rooms.sendAndSettle("acme", "4", "2026-08-25T10:00:00Z");
    const auto told = api::getCurrentUsage(rooms.services, rooms.get({}, {{"tenant_id", "acme"},
                                                                          {"metric_type", "api_request"},
                                                                          {"period", period.toStdString()}}));
    std::string text = test::outcome(told);
    if (told) {
        const auto report = reportOf(told);
        text = report.range.start.toText() + " " + report.range.end.toText() + " " +
               report.groups.at(0).quantity.toText();
    }
    QCOMPARE(text, answer.toStdString());
}

void TestUsage::aBoundTokenSeesItsOwn()
{
    test::ApiFixture rooms;
    rooms.addTenant("acme");
    rooms.principal.tenant = TenantId("other");
    QCOMPARE(test::outcome(api::getUsage(rooms.services, rooms.get({"acme"}, september))),
             std::string("404 not_found tenant_id"));
    rooms.principal.tenant = TenantId("acme");
    QCOMPARE(test::outcome(api::getUsage(rooms.services, rooms.get({"acme"}, september))),
             std::string("200"));
}

QTEST_GUILESS_MAIN(TestUsage)
#include "tst_usage.moc"
