// POST /tenants, GET /tenants, GET /tenants/{id}: what is refused, what a bound token sees, and paging.
#include "tests/server/api/api_fixture.h"

#include <QJsonArray>

using namespace billing;

class TestTenants : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusesMaking_data();
    void refusesMaking();
    void makesOneAndShowsIt();
    void choosesATaxCategoryUnlessTold_data();
    void choosesATaxCategoryUnlessTold();
    void refusesShowing();
    void refusesListing_data();
    void refusesListing();
    void pagesThroughAll();
    void aBoundTokensListIsItself();
    void tellsTheTierOfThePlanThatHoldsNow();
};

namespace {

std::string tenantJson(const std::string& more = {})
{
    return R"({"tenant_id":"acme","legal_name":"Acme GmbH","country":"DE","currency":"EUR","time_zone":"Europe/Berlin",)"
           R"("locale":"en-DE")" +
           more + "}";
}

std::vector<std::string> idsOf(const QJsonObject& page)
{
    std::vector<std::string> ids;
    for (const auto& item : page.value(QLatin1String("tenants")).toArray())
        ids.push_back(item.toObject().value(QLatin1String("tenant_id")).toString().toStdString());
    return ids;
}

} // namespace

void TestTenants::refusesMaking_data()
{
    QTest::addColumn<QString>("body");
    QTest::addColumn<QString>("answer");
    const auto row = [](const char* name, const std::string& body, const char* answer) {
        QTest::newRow(name) << QString::fromStdString(body) << QString::fromUtf8(answer);
    };
    row("broken JSON", "{", "400 malformed_json");
    row("nothing in it", "{}", "400 missing_field tenant_id");
    row("unknown member", tenantJson(R"(,"colour":"red")"), "400 unknown_field colour");
    row("card number", tenantJson(R"(,"address":{"line1":"4111 1111 1111 1111"})"),
        "422 card_data_refused address.line1");
    row("reserved", R"({"tenant_id":"current"})", "422 reserved_tenant_id tenant_id");
}

void TestTenants::refusesMaking()
{
    QFETCH(QString, body);
    QFETCH(QString, answer);
    test::ApiFixture rooms;
    const std::string told = test::outcome(api::postTenant(rooms.services, rooms.post(body.toStdString())));
    QVERIFY2(told.starts_with(answer.toStdString()), told.c_str());
}

void TestTenants::makesOneAndShowsIt()
{
    test::ApiFixture rooms;
    const auto made = api::postTenant(rooms.services, rooms.post(tenantJson(R"(,"email":"a@acme.example")")));
    QCOMPARE(test::outcome(made), std::string("201"));
    QCOMPARE(test::bodyOf(made).value(QLatin1String("created_at")).toString(),
             QStringLiteral("2026-09-15T12:00:00Z"));
    const auto shown = api::getTenant(rooms.services, rooms.get({"acme"}));
    QCOMPARE(test::bodyText(*shown), test::bodyText(*made));
    QCOMPARE(test::outcome(api::postTenant(rooms.services, rooms.post(tenantJson()))),
             std::string("409 already_exists acme"));

    rooms.principal.tenant = TenantId("acme");
    QCOMPARE(test::outcome(api::postTenant(rooms.services, rooms.post(tenantJson()))),
             std::string("403 insufficient_scope tenant"));
    QCOMPARE(test::outcome(api::postTenant(rooms.services, rooms.get())),
             std::string("415 unsupported_media_type Content-Type"));
    QCOMPARE(test::outcome(api::postTenant(rooms.services, rooms.post("{}", {}, {{"x", ""}}))),
             std::string("400 unknown_parameter x"));
}

void TestTenants::choosesATaxCategoryUnlessTold_data()
{
    QTest::addColumn<QString>("more");
    QTest::addColumn<QString>("category");
    QTest::newRow("registered there") << ""
                                      << "S";
    QTest::newRow("told") << R"(,"tax_category":"E")"
                          << "E";
    QTest::newRow("told the usual one") << R"(,"tax_category":"S")"
                                        << "S";
}

void TestTenants::choosesATaxCategoryUnlessTold()
{
    QFETCH(QString, more);
    QFETCH(QString, category);
    test::ApiFixture rooms;
    const auto made =
        test::bodyOf(api::postTenant(rooms.services, rooms.post(tenantJson(more.toStdString()))));
    QCOMPARE(made.value(QLatin1String("tax_category")).toString(), category);
}

void TestTenants::refusesShowing()
{
    test::ApiFixture rooms;
    rooms.addTenant("acme");
    rooms.addTenant("other");
    const auto outcome = [&](const std::string& id) {
        return test::outcome(api::getTenant(rooms.services, rooms.get({id})));
    };
    QCOMPARE(outcome("nobody"), std::string("404 not_found tenant_id"));
    QCOMPARE(outcome("NOT AN ID"), std::string("404 not_found tenant_id"));
    QCOMPARE(test::outcome(api::getTenant(rooms.services, rooms.get({"acme"}, {{"a", ""}}))),
             std::string("400 unknown_parameter a"));
    rooms.principal.tenant = TenantId("acme");
    QCOMPARE(outcome("acme"), std::string("200"));
    QCOMPARE(outcome("other"), std::string("404 not_found tenant_id"));
}

void TestTenants::refusesListing_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("answer");
    for (const char* limit : {"0", "201", "-1", "", "ten", "1.0", " 1", "99999999999999999999"})
        QTest::addRow("limit '%s'", limit)
            << "limit" << QString::fromUtf8(limit) << "422 invalid_value limit";
    QTest::newRow("unknown") << "page"
                             << "2"
                             << "400 unknown_parameter page";
    QTest::newRow("text with a tabulator") << "text"
                                           << "a\tb"
                                           << "422 invalid_value text";
    QTest::newRow("forged cursor") << "cursor"
                                   << "abcd"
                                   << "400 invalid_cursor cursor";
    QTest::newRow("cursor of another list")
        << "cursor"
        << QString::fromStdString(api::Cursors("key of the cursors").write("invoices", {"acme", "inv_1"}))
        << "400 invalid_cursor cursor";
}

void TestTenants::refusesListing()
{
    QFETCH(QString, name);
    QFETCH(QString, value);
    QFETCH(QString, answer);
    const test::ApiFixture rooms;
    const auto listed =
        api::getTenants(rooms.services, rooms.get({}, {{name.toStdString(), value.toStdString()}}));
    QCOMPARE(test::outcome(listed), answer.toStdString());
}

void TestTenants::pagesThroughAll()
{
    test::ApiFixture rooms;
    std::vector<std::string> all;
    for (int i = 0; i < 5; ++i) {
        all.push_back("tenant-" + std::to_string(i));
        rooms.addTenant(all.back());
    }
    QCOMPARE(idsOf(test::bodyOf(api::getTenants(rooms.services, rooms.get()))), all);

    std::vector<std::string> seen;
    test::Query query{{"limit", "2"}};
    for (int page = 0; page < 3; ++page) {
        const auto body = test::bodyOf(api::getTenants(rooms.services, rooms.get({}, query)));
        for (const std::string& id : idsOf(body))
            seen.push_back(id);
        const std::string next = body.value(QLatin1String("next_cursor")).toString().toStdString();
        QCOMPARE(next.empty(), page == 2);
        query = {{"limit", "2"}, {"cursor", next}};
    }
    QCOMPARE(seen, all);
    const auto found = test::bodyOf(api::getTenants(rooms.services, rooms.get({}, {{"text", "TENANT-3"}})));
    QCOMPARE(idsOf(found), std::vector<std::string>{"tenant-3"});
}

void TestTenants::aBoundTokensListIsItself()
{
    test::ApiFixture rooms;
    rooms.addTenant("acme");
    rooms.addTenant("other");
    rooms.principal.tenant = TenantId("other");
    QCOMPARE(idsOf(test::bodyOf(api::getTenants(rooms.services, rooms.get()))),
             std::vector<std::string>{"other"});
    rooms.principal.tenant = TenantId("nobody");
    QVERIFY(idsOf(test::bodyOf(api::getTenants(rooms.services, rooms.get()))).empty());
}

void TestTenants::tellsTheTierOfThePlanThatHoldsNow()
{
    test::ApiFixture rooms;
    for (const char* id : {"acme", "later", "other", "without"})
        rooms.addTenant(id);
    rooms.subscribe("acme", "lite", "2026-01-01");
    rooms.subscribe("later", "lite", "2026-09-16"); // tomorrow
    rooms.subscribe("other", "zero", "2026-09-15");
    const auto tierIn = [](const QJsonObject& tenant) {
        const QJsonValue tier = tenant.value(QLatin1String("tier"));
        return tier.isNull() ? std::string("null") : tier.toString().toStdString();
    };
    const auto tiers = [&](const test::Query& query) {
        const auto page = test::bodyOf(api::getTenants(rooms.services, rooms.get({}, query)));
        std::string all;
        for (const auto& item : page.value(QLatin1String("tenants")).toArray())
            all += tierIn(item.toObject()) + ' ';
        return all;
    };
    QCOMPARE(tiers({}), std::string("lite null zero null "));
    QCOMPARE(tiers({{"text", "other"}}), std::string("zero "));
    const auto shown = [&](const char* id) {
        return tierIn(test::bodyOf(api::getTenant(rooms.services, rooms.get({id}))));
    };
    QCOMPARE(shown("acme"), std::string("lite"));
    QCOMPARE(shown("later"), std::string("null"));
    rooms.clock.setNow(Instant::parse("2026-09-16T12:00:00Z").value());
    QCOMPARE(shown("later"), std::string("lite"));
    rooms.principal.tenant = TenantId("other");
    QCOMPARE(tiers({}), std::string("zero "));
    QCOMPARE(shown("other"), std::string("zero"));
}

QTEST_GUILESS_MAIN(TestTenants)
#include "tst_tenants.moc"
