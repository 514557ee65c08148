// GET /unlisted-values: what only a fallback prices, with a hint, until the catalogue names it.
//
// Tests: unlisted_values.cpp shared/wire/unlisted_value_json.cpp
#include "tests/server/api/api_fixture.h"

#include <QJsonArray>

using namespace billing;

namespace {

std::string eventOf(const std::string& id, const std::string& tenant, const std::string& model)
{
    return R"({"event_id":")" + id + R"(","tenant_id":")" + tenant +
           R"(","metric_type":"llm_tokens","value":"1","timestamp":"2026-09-15T11:00:00Z",)" +
           R"("dimensions":{"direction":"input","model":")" + model + "\"}}";
}

} // namespace

class TestUnlistedValues : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void listsWhatOnlyAFallbackPrices();
    void pagesAndKeepsTenantsApart();
    void leavesOutWhatTheCatalogueNames();

private:
    static void meter(test::ApiFixture& rooms, const std::string& event);
    /// "GPT4 (gpt4); gpt5; | " page by page.
    static std::string listed(const test::ApiFixture& rooms, const test::Query& query);
};

void TestUnlistedValues::meter(test::ApiFixture& rooms, const std::string& event)
{
    const auto answer = rooms.postUsage(rooms.post(event));
    QCOMPARE(test::outcome(*answer), std::string("201"));
    rooms.settleAll();
    rooms.clock.advance(std::chrono::seconds(1));
}

std::string TestUnlistedValues::listed(const test::ApiFixture& rooms, const test::Query& query)
{
    std::string all;
    std::string cursor;
    do {
        test::Query asked = query;
        if (!cursor.empty())
            asked.emplace_back("cursor", cursor);
        const auto answer = api::getUnlistedValues(rooms.services, rooms.get({}, std::move(asked)));
        if (!answer)
            return test::outcome(answer);
        for (const QJsonValue& one :
             test::bodyOf(answer).value(QStringLiteral("unlisted_values")).toArray()) {
            const QString hint = one.toObject().value(QStringLiteral("hint")).toString();
            all += one.toObject().value(QStringLiteral("value")).toString().toStdString() +
                   (hint.isEmpty() ? "" : " (" + hint.toStdString() + ")") + "; ";
        }
        cursor = test::bodyOf(answer).value(QStringLiteral("next_cursor")).toString().toStdString();
        all += "| ";
    } while (!cursor.empty());
    return all;
}

void TestUnlistedValues::listsWhatOnlyAFallbackPrices()
{
    test::ApiFixture rooms;
    rooms.addTenant("acme");
    for (const char* model : {"gpt4", "GPT4", "GPT4", "gpt-5"})
        meter(rooms, eventOf(rooms.ids.next("evt"), "acme", model));
    const auto answer = api::getUnlistedValues(rooms.services, rooms.get());
    QCOMPARE(
        QString::fromStdString(test::bodyText(*answer)),
        QString::fromUtf8(
            R"({"unlisted_values":[{"tenant_id":"acme","meter":"llm_tokens","dimension":"model","value":"GPT4",)"
            R"("hint":"gpt4","first_at":"2026-09-15T12:00:01Z"},{"tenant_id":"acme","meter":"llm_tokens",)"
            R"("dimension":"model","value":"gpt-5","first_at":"2026-09-15T12:00:03Z"}]})"));
}

void TestUnlistedValues::pagesAndKeepsTenantsApart()
{
    test::ApiFixture rooms;
    for (const char* tenant : {"acme", "beta"}) {
        rooms.addTenant(tenant);
        for (const char* model : {"a", "b", "c"})
            meter(rooms, eventOf(rooms.ids.next("evt"), tenant, std::string(tenant) + "-" + model));
    }
    QCOMPARE(listed(rooms, {{"limit", "4"}}),
             std::string("acme-a; acme-b; acme-c; beta-a; | beta-b; beta-c; | "));
    QCOMPARE(listed(rooms, {{"limit", "2"}, {"tenant_id", "beta"}}),
             std::string("beta-a; beta-b; | beta-c; | "));
    const auto first = api::getUnlistedValues(rooms.services, rooms.get({}, {{"limit", "1"}}));
    const std::string cursor =
        test::bodyOf(first).value(QStringLiteral("next_cursor")).toString().toStdString();
    QCOMPARE(listed(rooms, {{"cursor", cursor}, {"tenant_id", "beta"}}),
             std::string("400 invalid_cursor cursor"));
    rooms.principal.tenant = TenantId("acme");
    QCOMPARE(listed(rooms, {}), std::string("acme-a; acme-b; acme-c; | "));
    QCOMPARE(listed(rooms, {{"tenant_id", "beta"}}), std::string("404 not_found tenant_id"));
    QCOMPARE(listed(rooms, {{"colour", "red"}}), std::string("400 unknown_parameter colour"));
}

void TestUnlistedValues::leavesOutWhatTheCatalogueNames()
{
    test::ApiFixture rooms;
    rooms.addTenant("acme");
    for (const char* model : {"a", "b", "c"})
        meter(rooms, eventOf(rooms.ids.next("evt"), "acme", model));
    // A later version of the price list allows two of them by name.
    for (Meter& one : rooms.catalog.meters)
        if (one.code == MeterCode("llm_tokens"))
            one.allowed = {{"model", {"a", "b"}}};
    QCOMPARE(listed(rooms, {{"limit", "1"}}), std::string("c; | | "));
    QCOMPARE(listed(rooms, {}), std::string("c; | "));
}

QTEST_GUILESS_MAIN(TestUnlistedValues)
#include "tst_unlisted_values.moc"
