// The demo's cast: the same from the same seed, and all of it what the server itself would accept.
#include "server/app/demo_company.h"

#include "server/catalog/catalog_records.h"
#include "server/intake/validate_event.h"
#include "shared/calendar/time_zone.h"
#include "shared/model/meter_index.h"
#include "tests/support/printing.h"
#include "tests/support/seeded_random.h"

#include <set>

using namespace billing;

class TestDemoCompany : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void customersAreValid();
    void theSameSeedGivesTheSameEvents();
    void eventsAreValidAndInTheirMonth();
    void usageGrowsAndRestsOnWeekends();
};

namespace {

const LocalDate september = LocalDate::parse("2026-09-01").value();

std::vector<UsageEvent> month(std::size_t customer, LocalDate firstDay, std::uint64_t seed)
{
    test::SeededRandom random(seed);
    return demo::usageOfMonth(demo::customers().at(customer), firstDay, random);
}

} // namespace

void TestDemoCompany::customersAreValid()
{
    const Catalog catalog = shippedCatalog();
    std::set<std::string> ids;
    std::set<std::string> plans;
    std::set<std::string> currencies;
    for (const demo::Customer& customer : demo::customers()) {
        const Tenant& tenant = customer.tenant;
        QVERIFY2(parseTenantId(tenant.id.text()), tenant.id.text().c_str());
        QVERIFY2(TimeZone::find(tenant.timeZone), tenant.timeZone.c_str());
        QVERIFY(!tenant.address.line1.empty() && !tenant.email.empty());
        const auto plan = newestPlan(catalog, customer.plan);
        QVERIFY2(plan && plan->activity == Activity::Active, customer.plan.text().c_str());
        for (const Charge& charge : plan->charges)
            QVERIFY(charge.price.empty() || charge.price.contains(tenant.currency));
        ids.insert(tenant.id.text());
        plans.insert(customer.plan.text());
        currencies.insert(std::string(tenant.currency.code()));
    }
    QCOMPARE(ids.size(), demo::customers().size());
    QCOMPARE(plans, (std::set<std::string>{"enterprise", "lite", "shared", "zero"}));
    QCOMPARE(currencies, (std::set<std::string>{"EUR", "USD"}));
}

void TestDemoCompany::theSameSeedGivesTheSameEvents()
{
    QVERIFY(month(0, september, 1) == month(0, september, 1));
    QVERIFY(month(0, september, 1) != month(0, september, 2));
}

void TestDemoCompany::eventsAreValidAndInTheirMonth()
{
    const Catalog catalog = shippedCatalog();
    const MeterIndex meters(catalog.meters);
    for (std::size_t i = 0; i < demo::customers().size(); ++i) {
        const demo::Customer customer = demo::customers()[i];
        const auto zone = TimeZone::find(customer.tenant.timeZone).value();
        const Instant end = zone.startOfDay(september.plusMonths(1));
        std::set<std::string> ids;
        for (const UsageEvent& event : month(i, september, 1)) {
            const auto valid = validateEvent(event, meters, {}, end, Backfill::Refused);
            QVERIFY2(valid, event.eventId.c_str());
            QCOMPARE(event.tenant, customer.tenant.id);
            QVERIFY(zone.startOfDay(september) <= event.at && event.at < end);
            QVERIFY(!event.value.isNegative());
            QVERIFY(ids.insert(event.eventId).second);
        }
        QVERIFY(!ids.empty());
    }
}

void TestDemoCompany::usageGrowsAndRestsOnWeekends()
{
    const auto requests = [](const std::vector<UsageEvent>& events, const std::set<std::string>& days) {
        std::int64_t sum = 0;
        for (const UsageEvent& event : events)
            if (event.metricType == "api_request" && days.contains(event.eventId.substr(0, 10)))
                sum += std::stoll(event.value.toText());
        return sum;
    };
    const auto events = month(1, september, 1);
    // 5 and 6 September 2026 are a weekend, 7 and 8 a Monday and a Tuesday.
    QVERIFY(requests(events, {"2026-09-05", "2026-09-06"}) * 2 <
            requests(events, {"2026-09-07", "2026-09-08"}));
}

QTEST_APPLESS_MAIN(TestDemoCompany)
#include "tst_demo_company.moc"
