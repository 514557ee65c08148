// What a subscription is refused for, in order; and from when on it is billed when nobody says.
#include "tests/server/invoicing/billing_world.h"
#include "tests/support/printing.h"

#include <QTest>

using namespace billing;
using namespace billing::test;

namespace {

LocalDate day(const std::string& text)
{
    return LocalDate::parse(text).value();
}

} // namespace

class TestCreateSubscription : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isRefused_data();
    void isRefused();
    void onlyInTheBand_data();
    void onlyInTheBand();
    void billsFrom_data();
    void billsFrom();
    void takesTheNewestVersion();
};

void TestCreateSubscription::isRefused_data()
{
    QTest::addColumn<std::string>("tenant");
    QTest::addColumn<std::string>("plan");
    QTest::addColumn<std::string>("billFrom");
    QTest::addColumn<std::string>("refusal");
    const auto row = [](const char* name, const char* tenant, const char* plan, const char* billFrom,
                        const char* refusal) {
        QTest::newRow(name) << std::string(tenant) << std::string(plan) << std::string(billFrom)
                            << std::string(refusal);
    };
    row("plan before tenant", "ghost", "gold", "2023-09-30", "unknown_plan plan");
    row("inactive plan before tenant", "ghost", "sleeping", "2023-09-30", "inactive_plan plan");
    row("tenant before price", "ghost", "dollars", "2023-09-30", "not_found tenant_id");
    row("price before bill_from", "nova", "dollars", "2023-09-30", "price_not_in_currency fee");
    row("bill_from before overlap", "taken", "lite", "2023-09-30", "before_bill_from bill_from");
    row("overlap", "taken", "lite", "2023-10-01", "subscription_overlaps starts_on");
    row("well", "nova", "lite", "2023-10-01", "ok");
}

void TestCreateSubscription::isRefused()
{
    QFETCH(const std::string, tenant);
    QFETCH(const std::string, plan);
    QFETCH(const std::string, billFrom);
    QFETCH(const std::string, refusal);
    BillingWorld world;
    world.addTenant("nova");
    world.addTenant("taken");
    world.subscribe("taken", "shared", "2023-11-01");
    PlanVersion odd = newestPlan(world.catalog, PlanCode("lite")).value();
    odd.code = PlanCode("sleeping");
    odd.activity = Activity::Inactive;
    world.catalog.plans.push_back(odd);
    odd.code = PlanCode("dollars");
    odd.activity = Activity::Active;
    odd.charges.front().price = {{*Currency::parse("USD"), Decimal::fromInteger(1)}};
    world.catalog.plans.push_back(odd);
    const auto made =
        createSubscription(world.subscriptionPorts(),
                           {TenantId(tenant), PlanCode(plan), day("2023-10-01"), day(billFrom)}, "user:anna");
    QCOMPARE(BillingWorld::said(made), refusal);
}

void TestCreateSubscription::onlyInTheBand_data()
{
    QTest::addColumn<std::string>("startsOn");
    QTest::addColumn<std::string>("billFrom");
    QTest::addColumn<std::string>("said");
    const auto row = [](const char* startsOn, const char* billFrom, const char* said) {
        QTest::addRow("%s %s", startsOn, billFrom)
            << std::string(startsOn) << std::string(billFrom) << std::string(said);
    };
    row("0001-01-01", "", "invalid_date starts_on");
    row("0001-01-31", "2023-11-01", "invalid_date starts_on");
    row("1582-10-15", "", "invalid_date starts_on");
    row("1899-12-31", "", "invalid_date starts_on");
    row("1900-01-01", "", "ok");
    row("1900-01-01", "2023-11-01", "ok");
    row("2999-12-31", "", "ok");
    row("3000-01-01", "", "invalid_date starts_on");
    row("9998-12-31", "", "invalid_date starts_on");
    row("9999-12-31", "", "invalid_date starts_on");
    row("2023-11-01", "2999-12-31", "ok");
    row("2023-11-01", "3000-01-01", "invalid_date bill_from");
    row("2023-11-01", "9999-12-31", "invalid_date bill_from");
    row("2023-11-01", "0001-01-01", "invalid_date bill_from");
}

void TestCreateSubscription::onlyInTheBand()
{
    QFETCH(const std::string, startsOn);
    QFETCH(const std::string, billFrom);
    QFETCH(const std::string, said);
    BillingWorld world;
    world.addTenant("nova");
    CreateSubscription command{TenantId("nova"), PlanCode("lite"), day(startsOn)};
    if (!billFrom.empty())
        command.billFrom = day(billFrom);
    QCOMPARE(BillingWorld::said(createSubscription(world.subscriptionPorts(), command, "user:anna")), said);
}

void TestCreateSubscription::billsFrom_data()
{
    QTest::addColumn<std::string>("startsOn");
    QTest::addColumn<std::string>("billFrom");
    const auto row = [](const char* name, const char* startsOn, const char* billFrom) {
        QTest::newRow(name) << std::string(startsOn) << std::string(billFrom);
    };
    row("ahead", "2023-12-24", "2023-12-24");
    row("today", "2023-11-01", "2023-11-01");
    row("this period", "2023-10-15", "2023-10-15");
    row("long ago, on the first", "2022-01-01", "2023-11-01");
    row("long ago, on the 31st", "2022-01-31", "2023-10-31");
}

void TestCreateSubscription::billsFrom()
{
    QFETCH(const std::string, startsOn);
    QFETCH(const std::string, billFrom);
    BillingWorld world;
    world.addTenant("nova");
    const auto made = createSubscription(
        world.subscriptionPorts(), {TenantId("nova"), PlanCode("lite"), day(startsOn), {}}, "user:anna");
    QCOMPARE(made->billFrom.toText(), billFrom);
}

void TestCreateSubscription::takesTheNewestVersion()
{
    BillingWorld world;
    const Tenant tenant = world.addTenant("nova");
    const Subscription made = world.subscribe("nova", "lite", "2023-11-01");
    QCOMPARE(made.planVersion, newestPlan(world.catalog, PlanCode("lite"))->version);
    QCOMPARE(std::string(made.currency.code()), std::string(tenant.currency.code()));
    QCOMPARE(made.timeZone, tenant.timeZone);
    QVERIFY(made.createdAt == world.clock.now());
}

QTEST_GUILESS_MAIN(TestCreateSubscription)
#include "tst_create_subscription.moc"
