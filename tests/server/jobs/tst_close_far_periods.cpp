// The billing run over contracts at the edges of the calendar, as an older release may have stored them, and
// by clocks that are wrong: every one is closed, waited for or refused by name, and none holds up the one
// beside them.

// Tests: close_due_periods.cpp
#include "server/jobs/close_due_periods.h"

#include "server/storage/subscriptions.h"
#include "tests/server/invoicing/billing_world.h"
#include "tests/support/printing.h"

#include <QTest>

using namespace billing;
using namespace billing::test;

class TestCloseFarPeriods : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isClosedOrRefused_data();
    void isClosedOrRefused();
};

void TestCloseFarPeriods::isClosedOrRefused_data()
{
    QTest::addColumn<std::string>("startsOn");
    QTest::addColumn<std::string>("billFrom");
    QTest::addColumn<std::string>("now");
    QTest::addColumn<std::string>("said"); // closed of the odd one, and its refusal
    const auto row = [](const char* name, const char* startsOn, const char* billFrom, const char* now,
                        const char* said) {
        QTest::newRow(name) << std::string(startsOn) << std::string(billFrom) << std::string(now)
                            << std::string(said);
    };
    row("usual", "2023-10-01", "2023-10-01", "2023-11-02T12:00:00Z", "1 ");
    row("since year 1, billed since a month ago", "0001-01-01", "2023-10-01", "2023-11-02T12:00:00Z", "1 ");
    row("since 31 January of year 1", "0001-01-31", "2023-09-30", "2023-11-02T12:00:00Z", "1 ");
    row("since the calendar changed", "1582-10-15", "2023-10-01", "2023-11-02T12:00:00Z",
        "0 "); // mid-month: not over
    row("since 1900", "1900-01-01", "2023-10-01", "2023-11-02T12:00:00Z", "1 ");
    row("in a thousand years", "2999-12-31", "2999-12-31", "2023-11-02T12:00:00Z", "0 ");
    row("in year 9998", "9998-12-31", "9998-12-31", "2023-11-02T12:00:00Z", "0 ");
    row("the last day of all", "9999-12-31", "9999-12-31", "2023-11-02T12:00:00Z", "0 invalid_date");
    row("the last month of all", "9999-12-01", "9999-12-01", "2023-11-02T12:00:00Z", "0 invalid_date");
    row("a clock in year 1", "2023-10-01", "2023-10-01", "0001-01-01T00:00:00Z", "0 ");
}

void TestCloseFarPeriods::isClosedOrRefused()
{
    QFETCH(const std::string, startsOn);
    QFETCH(const std::string, billFrom);
    QFETCH(const std::string, now);
    QFETCH(const std::string, said);
    for (const char* zone : {"UTC", "Pacific/Kiritimati", "Etc/GMT+12", "Asia/Kolkata", "America/St_Johns",
                             "Africa/Monrovia", "Pacific/Apia"}) {
        BillingWorld world;
        world.addTenant("odd");
        world.addTenant("usual");
        world.subscribe("usual", "lite", "2023-10-01");
        const Subscription odd{.id = SubscriptionId("sub_odd"),
                               .tenant = TenantId("odd"),
                               .plan = PlanCode("lite"),
                               .planVersion = 1,
                               .currency = *Currency::parse("EUR"),
                               .timeZone = zone,
                               .startsOn = LocalDate::parse(startsOn).value(),
                               .billFrom = LocalDate::parse(billFrom).value()};
        QVERIFY(world.storage().write(Scope::tenant(odd.tenant), Priority::Money, anyWork(),
                                      [&](Work& work) { return storage::insertSubscription(work, odd); }));
        world.clock.setNow(Instant::parse(now).value());
        std::string refusal;
        const auto report =
            closeDuePeriods(world.invoicing, [&](const SubscriptionId& id, const Error& error) {
                refusal += id == odd.id ? std::string(wireName(error.code)) : "another subscription";
            });
        QVERIFY(report);
        const auto closed = readValue(world.storage(), Scope::tenant(odd.tenant), [&](Work& work) {
            return storage::listInvoices(work, {TenantId("odd")});
        });
        QCOMPARE(std::to_string(closed->size()) + " " + refusal, said);
    }
}

QTEST_GUILESS_MAIN(TestCloseFarPeriods)
#include "tst_close_far_periods.moc"
