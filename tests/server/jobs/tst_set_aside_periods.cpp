// Periods that cannot be closed: set aside with their reason, told and noted once, in nobody's way, tried
// again on their schedule and when something changed; what is nobody's fault is not set aside; and a run
// costs what is due, however long the history is.
// Tests: close_due_periods.cpp
#include "server/invariants/check_invariants.h"
#include "server/jobs/close_due_periods.h"
#include "server/storage/audit_entries.h"
#include "tests/server/invoicing/billing_world.h"
#include "tests/support/printing.h"

#include <QTest>

using namespace billing;
using namespace billing::test;
using namespace std::chrono_literals;

namespace {

/// Counts what is asked of a store, and refuses a tenant's writes when it is told to.
class WatchedStorage final : public Storage
{
public:
    explicit WatchedStorage(Storage& storage)
        : m_storage(storage)
    {
    }
    Result<void> write(const Scope& scope, Priority priority, const WorkId& workId, const Body& body) override
    {
        ++writes;
        if (refusal && (refusedTenant.empty() || scope.subject() == refusedTenant))
            return *refusal;
        return m_storage.write(scope, priority, workId, body);
    }
    Result<void> read(const Scope& scope, const Body& body) override
    {
        ++reads;
        return m_storage.read(scope, body);
    }

    int reads = 0;
    int writes = 0;
    std::optional<Error> refusal;
    std::string refusedTenant;

private:
    Storage& m_storage;
};

struct Months : BillingWorld
{
    /// "closed failed", and what else the report says; then what is broken, which is nothing.
    std::string run()
    {
        told.clear();
        const auto report = closer.run([this](const SubscriptionId&, const Error& error) {
            told += std::string(wireName(error.code)) + " ";
        });
        if (!report)
            return std::string(wireName(report.error().code));
        std::string text = std::to_string(report->closed) + " " + std::to_string(report->failed);
        text += report->mustWait ? " wait" : "";
        return text + (report->more ? " more" : "");
    }
    std::string broken()
    {
        std::string text;
        const auto violations = checkInvariants(storage(), *meters, sealer);
        for (const Violation& violation : violations.value())
            text += violation.invariant + " " + violation.subject + "; ";
        return text;
    }
    /// "2023-10-01 EB-2023-000001; " of all finalised, by first day.
    std::string numbers(const std::string& tenant)
    {
        std::map<std::string, std::string> lines;
        storage::InvoiceFilter filter;
        filter.limit = 1'000;
        const auto all = readValue(storage(), Scope::tenant(TenantId(tenant)), [&](Work& work) {
            filter.tenant = TenantId(tenant);
            return storage::listInvoices(work, filter);
        });
        for (const storage::InvoiceRow& row : all.value())
            lines.emplace(row.period.firstDay.toText(), row.number.value_or("draft"));
        std::string text;
        for (const auto& [day, number] : lines)
            text.append(day).append(" ").append(number).append("; ");
        return text;
    }
    /// "2023-10-01 no_tax_rate 1; " of what is set aside.
    std::string aside()
    {
        std::string text;
        const auto rows = readValue(storage(), Scope::allTenants("test"), [](Work& work) {
            return storage::listAside(work, {storage::AsideKind::Period});
        });
        for (const storage::AsideRow& row : rows.value())
            text += storage::periodOf(row.key)->firstDay.toText() + " " +
                    std::string(wireName(row.reason.code)) + " " + std::to_string(row.attempts) + "; ";
        return text;
    }
    std::vector<std::string> noted(const std::string& tenant)
    {
        std::vector<std::string> notes;
        const auto entries = readValue(storage(), Scope::tenant(TenantId(tenant)), [&](Work& work) {
            return storage::auditEntries(work, tenant, 0, 1'000);
        });
        for (const storage::AuditRow& entry : entries.value())
            if (entry.action == "set_aside")
                notes.push_back(entry.object + " " + entry.body);
        return notes;
    }
    PlanVersion& plan(const char* code)
    {
        for (PlanVersion& one : catalog.plans)
            if (one.code.text() == code)
                return one;
        BILLING_ASSERT(false);
        return catalog.plans.front();
    }

    WatchedStorage watched{store.storage()};
    Invoicing watchedInvoicing{watched, clock, ids, issuer, catalog, *meters, tenants, records};
    PeriodCloser closer{watchedInvoicing};
    std::string told = {};
};

} // namespace

class TestSetAsidePeriods : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aPeriodWithoutATaxRateWaitsForIt();
    void somebodyMayFinaliseItByHand();
    void eachRefusalOfItsOwnIsSetAside_data();
    void eachRefusalOfItsOwnIsSetAside();
    void whatIsNobodysFaultIsNotSetAside_data();
    void whatIsNobodysFaultIsNotSetAside();
    void aStoreThatRefusesEndsTheRun();
    void whatNeedsNoWaitingUsageGoesOn();
    void aLongHistoryIsClosedInSlices();
    void anIdleRunCostsNothing();
};

void TestSetAsidePeriods::aPeriodWithoutATaxRateWaitsForIt()
{
    Months months;
    const std::vector<TaxRate> rates = months.issuer.taxRates;
    months.addTenant("nova");
    const std::string subscription = months.subscribe("nova", "shared", "2023-09-01").id.text();
    // Registered since November.
    months.issuer.taxRates.front().validFrom = LocalDate::parse("2023-11-01").value();
    months.moveTo("2023-12-02T09:00:00Z");
    QCOMPARE(months.run(), std::string("1 2"));
    QCOMPARE(months.told, std::string("no_tax_rate no_tax_rate "));
    QCOMPARE(months.numbers("nova"), std::string("2023-11-01 EB-2023-000001; "));
    QCOMPARE(months.aside(), std::string("2023-09-01 no_tax_rate 1; 2023-10-01 no_tax_rate 1; "));
    QCOMPARE(months.run(), std::string("0 0")); // in silence until it is due
    months.clock.advance(6h);
    QCOMPARE(months.run(), std::string("0 2"));
    QCOMPARE(months.aside(), std::string("2023-09-01 no_tax_rate 2; 2023-10-01 no_tax_rate 2; "));
    QCOMPARE(months.noted("nova"),
             (std::vector<std::string>{
                 "subscription:" + subscription + R"( {"period_start":"2023-09-01","code":"no_tax_rate"})",
                 "subscription:" + subscription + R"( {"period_start":"2023-10-01","code":"no_tax_rate"})"}));

    months.issuer.taxRates = rates;
    QCOMPARE(months.run(), std::string("0 0"));
    QVERIFY(months.storage().write(Scope::tenant(TenantId("nova")), Priority::Money, anyWork(),
                                   [](Work& work) -> Result<void> {
                                       const auto due = storage::retryNow(work, TenantId("nova"));
                                       return due ? Result<void>() : due.error();
                                   }));
    QCOMPARE(months.run(), std::string("2 0"));
    QCOMPARE(months.aside(), std::string());
    QCOMPARE(months.numbers("nova"), std::string("2023-09-01 EB-2023-000002; 2023-10-01 EB-2023-000003; "
                                                 "2023-11-01 EB-2023-000001; "));
    QCOMPARE(months.broken(), std::string());
}

void TestSetAsidePeriods::somebodyMayFinaliseItByHand()
{
    Months months;
    months.addTenant("nova");
    months.subscribe("nova", "shared", "2023-10-01");
    const std::vector<TaxRate> rates = std::exchange(months.issuer.taxRates, {});
    months.moveTo("2023-11-02T09:00:00Z");
    QCOMPARE(months.run(), std::string("0 1"));
    months.issuer.taxRates = rates;
    months.finalise(months.draft("nova", "2023-10-01", "2023-11-01"));
    QCOMPARE(months.aside(), std::string());
    months.clock.advance(24h);
    QCOMPARE(months.run(), std::string("0 0"));
}

void TestSetAsidePeriods::eachRefusalOfItsOwnIsSetAside_data()
{
    QTest::addColumn<QString>("broken");
    QTest::addColumn<QString>("code");
    QTest::newRow("billed in advance") << "advance"
                                       << "invalid_catalog";
    QTest::newRow("no price in its currency") << "price"
                                              << "price_not_in_currency";
    QTest::newRow("the plan is gone") << "plan"
                                      << "unknown_plan";
    QTest::newRow("the amount overflows") << "amount"
                                          << "amount_overflow";
    QTest::newRow("the customer cannot be opened") << "profile"
                                                   << "seal_broken";
    QTest::newRow("the zone is unknown") << "zone"
                                         << "unknown_time_zone";
}

void TestSetAsidePeriods::eachRefusalOfItsOwnIsSetAside()
{
    QFETCH(QString, broken);
    QFETCH(QString, code);
    Months months;
    for (const char* tenant : {"alpha", "nova", "zeta"})
        months.addTenant(tenant);
    months.subscribe("alpha", "lite", "2023-10-01");
    months.subscribe("nova", "shared", "2023-10-01");
    months.subscribe("zeta", "lite", "2023-10-01");
    const Catalog whole = months.catalog;
    if (broken == QLatin1String("advance"))
        months.plan("shared").charges.front().timing = Timing::Advance;
    if (broken == QLatin1String("price"))
        for (Charge& charge : months.plan("shared").charges)
            charge.price.erase(Currency::parse("EUR").value());
    if (broken == QLatin1String("plan"))
        std::erase_if(months.catalog.plans, [](const auto& plan) { return plan.code.text() == "shared"; });
    if (broken == QLatin1String("amount"))
        for (Charge& charge : months.plan("shared").charges)
            for (auto& [currency, price] : charge.price)
                price = Decimal::parse("999999999999999999").value();
    if (broken == QLatin1String("profile"))
        months.store.tamper("UPDATE tenant SET sealed_profile = zeroblob(64) WHERE tenant_id = 'nova'");
    if (broken == QLatin1String("zone"))
        months.store.tamper("UPDATE subscription SET time_zone = 'Mars/Utopia' WHERE tenant_id = 'nova'");
    months.moveTo("2023-11-02T09:00:00Z");
    QCOMPARE(months.run(), std::string("2 1"));
    QCOMPARE(months.told, code.toStdString() + " ");
    QCOMPARE(months.aside(), "2023-10-01 " + code.toStdString() + " 1; ");
    QCOMPARE(months.noted("nova").size(), std::size_t{1});
    QVERIFY(!months.numbers("alpha").empty());
    QVERIFY(!months.numbers("zeta").empty());
    for (int run = 0; run < 3; ++run)
        QCOMPARE(months.run(), std::string("0 0"));
    months.clock.advance(6h);
    QCOMPARE(months.run(), std::string("0 1"));
    QCOMPARE(months.aside(), "2023-10-01 " + code.toStdString() + " 2; ");
    if (months.catalog == whole)
        return;
    months.catalog = whole;
    months.clock.advance(6h);
    QCOMPARE(months.run(), std::string("1 0"));
    QCOMPARE(months.aside(), std::string());
}

void TestSetAsidePeriods::whatIsNobodysFaultIsNotSetAside_data()
{
    QTest::addColumn<int>("code");
    for (const ErrorCode code :
         {ErrorCode::StorageBusy, ErrorCode::StorageUnavailable, ErrorCode::StorageFull,
          ErrorCode::PeriodAlreadyInvoiced, ErrorCode::InvoiceNotDraft, ErrorCode::GracePeriodRunning,
          ErrorCode::PeriodNotOver, ErrorCode::ShuttingDown, ErrorCode::Cancelled})
        QTest::addRow("%s", std::string(wireName(code)).c_str()) << static_cast<int>(code);
}

void TestSetAsidePeriods::whatIsNobodysFaultIsNotSetAside()
{
    QFETCH(int, code);
    Months months;
    for (const char* tenant : {"alpha", "nova"}) {
        months.addTenant(tenant);
        months.subscribe(tenant, "shared", "2023-10-01");
    }
    months.watched.refusedTenant = "alpha";
    months.watched.refusal = Error{static_cast<ErrorCode>(code)};
    months.moveTo("2023-11-02T09:00:00Z");
    QCOMPARE(months.run(), std::string("1 1"));
    QCOMPARE(months.aside(), std::string());
    months.watched.refusal.reset();
    QCOMPARE(months.run(), std::string("1 0"));
}

void TestSetAsidePeriods::aStoreThatRefusesEndsTheRun()
{
    Months months;
    for (const char* tenant : {"ada", "bea", "cleo", "dora", "edna"}) {
        months.addTenant(tenant);
        months.subscribe(tenant, "shared", "2023-10-01");
    }
    months.watched.refusal = Error{ErrorCode::StorageUnavailable};
    months.moveTo("2023-11-02T09:00:00Z");
    QCOMPARE(months.run(), std::string("storage_unavailable"));
    QCOMPARE(months.told, std::string("storage_unavailable storage_unavailable storage_unavailable "));
    months.watched.refusal.reset();
    QCOMPARE(months.run(), std::string("2 0")); // it goes on behind the one it ended at
    QCOMPARE(months.run(), std::string("3 0"));
    QCOMPARE(months.run(), std::string("0 0"));
}

void TestSetAsidePeriods::whatNeedsNoWaitingUsageGoesOn()
{
    Months months;
    for (const char* tenant : {"alpha", "nova"})
        months.addTenant(tenant);
    months.subscribe("alpha", "shared", "2023-10-10"); // to 10 November
    months.subscribe("nova", "shared", "2023-10-01");
    months.moveTo("2023-11-05T09:00:00Z");
    months.accept({months.event("alpha", "a", "1", "2023-11-05T08:00:00Z")});
    months.moveTo("2023-11-11T09:00:00Z");
    QCOMPARE(months.run(), std::string("1 0 wait")); // received after nova's cut, before alpha's
    QCOMPARE(months.numbers("nova"), std::string("2023-10-01 EB-2023-000001; "));
    months.settleAll();
    QCOMPARE(months.run(), std::string("1 0"));
}

void TestSetAsidePeriods::aLongHistoryIsClosedInSlices()
{
    Months months;
    months.addTenant("alpha");
    months.addTenant("nova");
    months.issuer.taxRates.front().validFrom = LocalDate::parse("2013-02-01").value();
    const LocalDate day = LocalDate::parse("2013-01-01").value();
    QVERIFY(createSubscription(months.subscriptionPorts(),
                               {.tenant = TenantId("alpha"),
                                .plan = PlanCode("shared"),
                                .startsOn = day,
                                .billFrom = day,
                                .confirmPeriods = 130},
                               "user:anna"));
    months.subscribe("nova", "zero", "2023-10-01");
    months.moveTo("2023-11-02T09:00:00Z");
    // 130 months of alpha are over, and one of nova.
    QCOMPARE(months.run(), std::string("12 1 more"));
    QCOMPARE(months.numbers("nova").size(), std::string("2023-10-01 EB-2023-000012; ").size());
    int runs = 1;
    std::string said = "more";
    while (said.ends_with("more")) {
        said = months.run();
        ++runs;
    }
    QCOMPARE(runs, 11);
    QCOMPARE(months.aside(), std::string("2013-01-01 no_tax_rate 1; "));
    QCOMPARE(std::count(months.told.begin(), months.told.end(), ' '), 0);
    const std::string numbers = months.numbers("alpha");
    QCOMPARE(std::count(numbers.begin(), numbers.end(), ';'), 129);
    QCOMPARE(months.run(), std::string("0 0"));
}

void TestSetAsidePeriods::anIdleRunCostsNothing()
{
    Months months;
    for (int i = 0; i < 30; ++i) {
        const std::string tenant = "tenant-" + std::to_string(i);
        months.addTenant(tenant);
        months.subscribe(tenant, "zero", "2023-10-01");
    }
    months.moveTo("2023-11-02T09:00:00Z");
    QCOMPARE(months.run(), std::string("30 0"));
    months.watched.reads = 0;
    months.watched.writes = 0;
    QCOMPARE(months.run(), std::string("0 0"));
    QCOMPARE(months.watched.reads, 2); // what is due again, and a page of subscriptions
    QCOMPARE(months.watched.writes, 0);
}

QTEST_GUILESS_MAIN(TestSetAsidePeriods)
#include "tst_set_aside_periods.moc"
