// POST /subscriptions, GET /subscriptions, GET /plans.
#include "tests/server/api/api_fixture.h"

#include "shared/wire/plan_json.h"

#include <QJsonArray>

using namespace billing;

class TestSubscriptions : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusesMaking_data();
    void refusesMaking();
    void makesOneAndListsIt();
    void refusesListing();
    void aBoundTokenSubscribesOnlyItself();
    void asksHowManyPeriodsAreMeant_data();
    void asksHowManyPeriodsAreMeant();
    void plansAreTheCatalog();
};

namespace {

std::string subscriptionJson(const std::string& tenant, const std::string& plan, const std::string& more = {})
{
    return R"({"tenant_id":")" + tenant + R"(","plan":")" + plan + R"(","starts_on":"2026-09-01")" + more +
           "}";
}

} // namespace

void TestSubscriptions::refusesMaking_data()
{
    QTest::addColumn<QString>("body");
    QTest::addColumn<QString>("answer");
    const auto row = [](const char* name, const std::string& body, const char* answer) {
        QTest::newRow(name) << QString::fromStdString(body) << QString::fromUtf8(answer);
    };
    row("nothing in it", "{}", "400 missing_field tenant_id");
    row("no such day", R"({"tenant_id":"acme","plan":"lite","starts_on":"2026-02-30"})",
        "422 invalid_date starts_on");
    row("unknown plan", subscriptionJson("acme", "gold"), "422 unknown_plan plan");
    row("inactive plan", subscriptionJson("acme", "air_gapped"), "422 inactive_plan plan");
    row("unknown tenant", subscriptionJson("nobody", "lite"), "404 not_found tenant_id");
    row("billed before it starts", subscriptionJson("acme", "lite", R"(,"bill_from":"2026-08-01")"),
        "422 before_bill_from bill_from");
    row("a second one", subscriptionJson("taken", "lite"), "409 subscription_overlaps");
}

void TestSubscriptions::refusesMaking()
{
    QFETCH(QString, body);
    QFETCH(QString, answer);
    test::ApiFixture rooms;
    rooms.addTenant("acme");
    rooms.addTenant("taken");
    rooms.subscribe("taken", "shared", "2026-08-01");
    const std::string told =
        test::outcome(api::postSubscription(rooms.services, rooms.post(body.toStdString())));
    QVERIFY2(told.starts_with(answer.toStdString()), told.c_str());
}

void TestSubscriptions::makesOneAndListsIt()
{
    test::ApiFixture rooms;
    rooms.addTenant("acme");
    const auto made = api::postSubscription(rooms.services, rooms.post(subscriptionJson("acme", "lite")));
    QCOMPARE(test::outcome(made), std::string("201"));
    QJsonObject body = test::bodyOf(made);
    QCOMPARE(body.take(QLatin1String("periods_due")), QJsonValue(0));
    QCOMPARE(body.value(QLatin1String("plan")).toString(), QStringLiteral("lite"));
    QCOMPARE(body.value(QLatin1String("currency")).toString(), QStringLiteral("EUR"));
    QCOMPARE(body.value(QLatin1String("time_zone")).toString(), QStringLiteral("Europe/Berlin"));

    const auto listed =
        test::bodyOf(api::getSubscriptions(rooms.services, rooms.get({}, {{"tenant_id", "acme"}})));
    QCOMPARE(listed.value(QLatin1String("subscriptions")).toArray(), QJsonArray{body});
}

void TestSubscriptions::refusesListing()
{
    test::ApiFixture rooms;
    rooms.addTenant("acme");
    const auto outcome = [&](const test::Query& query) {
        return test::outcome(api::getSubscriptions(rooms.services, rooms.get({}, query)));
    };
    QCOMPARE(outcome({{"tenant", "acme"}}), std::string("400 unknown_parameter tenant"));
    QCOMPARE(outcome({}), std::string("422 invalid_tenant_id tenant_id"));
    rooms.principal.tenant = TenantId("other");
    QCOMPARE(outcome({{"tenant_id", "acme"}}), std::string("404 not_found tenant_id"));
}

void TestSubscriptions::aBoundTokenSubscribesOnlyItself()
{
    test::ApiFixture rooms;
    rooms.addTenant("acme");
    rooms.principal.tenant = TenantId("other");
    const auto made = api::postSubscription(rooms.services, rooms.post(subscriptionJson("acme", "lite")));
    QCOMPARE(test::outcome(made), std::string("404 not_found tenant_id"));
    rooms.principal.tenant = TenantId("acme");
    QVERIFY(api::postSubscription(rooms.services, rooms.post(subscriptionJson("acme", "lite"))));
}

void TestSubscriptions::asksHowManyPeriodsAreMeant_data()
{
    QTest::addColumn<QString>("billFrom");
    QTest::addColumn<QString>("confirmed");
    QTest::addColumn<QString>("answer");
    const auto row = [](const char* name, const char* billFrom, const char* confirmed, const char* answer) {
        QTest::newRow(name) << QString::fromUtf8(billFrom) << QString::fromUtf8(confirmed)
                            << QString::fromUtf8(answer);
    };
    // Today is 2026-09-15; the subscription starts in August 1924.
    const char* const refused = "422 periods_not_confirmed confirm_periods";
    row("a mistyped year", "1924-08-01", "", refused);
    row("the wrong number", "1924-08-01", "1224", refused);
    row("the right number", "1924-08-01", "1225", "1225");
    row("four", "2026-05-01", "", refused);
    row("four confirmed", "2026-05-01", "4", "4");
    row("three", "2026-06-01", "", "3");
    row("three confirmed", "2026-06-01", "3", "3");
    row("three, and another number said", "2026-06-01", "2", refused);
    row("none", "2026-09-01", "", "0");
    row("none, and one said", "2026-09-01", "1", refused);
    row("none confirmed", "2026-10-01", "0", "0");
    row("nonsense", "2026-09-01", "-1", refused);
    row("no number", "2026-09-01", "\"3\"", "400 wrong_type confirm_periods");
    row("null is not said", "2026-05-01", "null", refused);
}

void TestSubscriptions::asksHowManyPeriodsAreMeant()
{
    QFETCH(QString, billFrom);
    QFETCH(QString, confirmed);
    QFETCH(QString, answer);
    test::ApiFixture rooms;
    rooms.addTenant("acme");
    const QString more =
        confirmed.isEmpty() ? QString() : QStringLiteral(",\"confirm_periods\":") + confirmed;
    const QString body = QStringLiteral(R"({"tenant_id":"acme","plan":"lite","starts_on":"1924-08-01",)"
                                        R"("bill_from":"%1"%2})")
                             .arg(billFrom, more);
    const auto made = api::postSubscription(rooms.services, rooms.post(body.toStdString()));
    if (answer.size() > 5) {
        QCOMPARE(test::outcome(made), answer.toStdString());
        if (made.error().code == ErrorCode::PeriodsNotConfirmed && billFrom.startsWith(QLatin1String("1924")))
            QCOMPARE(
                made.error().detail,
                std::string("1225 periods, from 1924-08-01 to 2026-09-01, would be billed at once; if that "
                            "is meant, say confirm_periods: 1225"));
        return;
    }
    QCOMPARE(test::bodyOf(made).value(QLatin1String("periods_due")), QJsonValue(answer.toInt()));
}

void TestSubscriptions::plansAreTheCatalog()
{
    const test::ApiFixture rooms;
    const auto plans = api::getPlans(rooms.services, rooms.get());
    QCOMPARE(test::outcome(plans), std::string("200"));
    QVERIFY(wire::decodeCatalog(test::bodyText(*plans)).value() == rooms.catalog);
    QCOMPARE(test::outcome(api::getPlans(rooms.services, rooms.get({}, {{"currency", "EUR"}}))),
             std::string("400 unknown_parameter currency"));
}

QTEST_GUILESS_MAIN(TestSubscriptions)
#include "tst_subscriptions.moc"
