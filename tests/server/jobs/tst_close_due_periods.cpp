// Three months of the clockwork: each period is closed once, after its grace, in order, and never while usage
// waits.
#include "server/invariants/check_invariants.h"
#include "server/jobs/close_due_periods.h"
#include "tests/server/invoicing/billing_world.h"
#include "tests/support/printing.h"

#include <QTest>

#include <numeric>
#include <set>

using namespace billing;
using namespace billing::test;

namespace {

struct Months : BillingWorld
{
    /// "closed failed" of one run, "wait" when usage was not settled; then what is broken, which is nothing.
    std::string run()
    {
        const auto report = closeDuePeriods(invoicing, [this](const SubscriptionId& id, const Error& error) {
            refusals +=
                id.text() == subscription ? std::string(wireName(error.code)) : "another subscription";
        });
        std::string text = std::to_string(report->closed) + " " + std::to_string(report->failed);
        text += report->mustWait ? " wait" : "";
        const auto violations = checkInvariants(storage(), *meters, sealer);
        for (const Violation& violation : *violations)
            text += " " + violation.invariant + " " + violation.subject + " " + violation.detail;
        return text;
    }
    std::string numbers() const
    {
        std::set<std::string> lines; // invoices of one moment have ids in any order
        const auto all = readValue(storage(), Scope::allTenants("test"),
                                   [](Work& work) { return storage::listInvoices(work, {}); });
        for (const storage::InvoiceRow& row : *all)
            lines.insert(row.tenant.text() + " " + row.number.value_or("draft") + " " +
                         row.period.firstDay.toText() + "; ");
        return std::accumulate(lines.begin(), lines.end(), std::string());
    }

    std::string subscription = {};
    std::string refusals = {};
};

} // namespace

class TestCloseDuePeriods : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nobodyIsSubscribed();
    void oneRefusalDoesNotStopTheOthers();
    void waitsForUsage();
    void closesThreeMonths();
};

void TestCloseDuePeriods::nobodyIsSubscribed()
{
    Months months;
    QCOMPARE(months.run(), std::string("0 0"));
}

void TestCloseDuePeriods::oneRefusalDoesNotStopTheOthers()
{
    Months months;
    months.addTenant("beta");
    months.addTenant("nova");
    months.subscription = months.subscribe("beta", "lite", "2023-10-01").id.text();
    months.subscribe("nova", "shared", "2023-10-01");
    for (PlanVersion& plan : months.catalog.plans)
        if (plan.code.text() == "lite")
            plan.charges.front().timing = Timing::Advance;
    months.moveTo("2023-11-02T09:00:00Z");
    QCOMPARE(months.run(), std::string("1 1"));
    QCOMPARE(months.refusals, std::string("invalid_catalog"));
    QCOMPARE(months.numbers(), std::string("nova EB-2023-000001 2023-10-01; "));
}

void TestCloseDuePeriods::waitsForUsage()
{
    Months months;
    months.addTenant("nova");
    months.subscribe("nova", "shared", "2023-10-01");
    months.accept({months.event("nova", "a", "1", "2023-10-31T20:00:00Z")});
    months.moveTo("2023-11-02T09:00:00Z");
    QCOMPARE(months.run(), std::string("0 0 wait"));
    QVERIFY(months.numbers().empty());
    months.settleAll();
    QCOMPARE(months.run(), std::string("1 0"));
}

void TestCloseDuePeriods::closesThreeMonths()
{
    Months months;
    months.addTenant("nova");
    months.addTenant("beta");
    months.subscribe("nova", "shared", "2023-10-01");
    months.subscribe("beta", "lite", "2023-10-31"); // its months end on the last day that there is
    months.moveTo("2023-11-01T10:59:59Z");
    QCOMPARE(months.run(), std::string("0 0")); // twelve hours of grace
    months.moveTo("2023-11-01T11:00:00Z");
    QCOMPARE(months.run(), std::string("1 0"));
    QCOMPARE(months.run(), std::string("0 0"));
    months.accept({months.event("nova", "a", "3000000", "2023-11-30T22:30:00Z")});
    months.settleAll();
    months.moveTo("2023-12-01T12:00:00Z");
    QCOMPARE(months.run(), std::string("2 0")); // nova's november; beta's 31 October to 30 November
    months.moveTo("2024-02-15T12:00:00Z");
    QCOMPARE(months.run(), std::string("4 0")); // what two months of standstill left
    QCOMPARE(months.numbers(), std::string("beta EB-2023-000002 2023-10-31; beta EB-2024-000004 2023-11-30; "
                                           "beta EB-2024-000005 2023-12-31; nova EB-2023-000001 2023-10-01; "
                                           "nova EB-2023-000003 2023-11-01; nova EB-2024-000006 2023-12-01; "
                                           "nova EB-2024-000007 2024-01-01; "));
}

QTEST_GUILESS_MAIN(TestCloseDuePeriods)
#include "tst_close_due_periods.moc"
