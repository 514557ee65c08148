// An invoice's life: what a draft is refused for, in order; what finalising waits for; a dry run keeps
// nothing; and after each step every invariant of the store holds.
//
// Tests: draft_invoice.cpp draw_invoice.cpp finalise_invoice.cpp close_period.cpp
#include "server/invariants/check_invariants.h"
#include "server/invoicing/close_period.h"
#include "server/storage/ledger_entries.h"
#include "tests/server/invoicing/billing_world.h"
#include "tests/support/printing.h"

#include <QTest>

using namespace billing;
using namespace billing::test;

namespace {

struct House : BillingWorld
{
    House()
    {
        addTenant("nova");
        addTenant("alone");
        subscription = subscribe("nova", "shared", "2023-10-01");
    }

    /// The draft's total, or the refusal.
    std::string drafted(const std::string& tenant, const std::string& first, const std::string& end,
                        Keep keep = Keep::Draft)
    {
        const auto invoice = draftInvoice(
            invoicing,
            {TenantId(tenant), LocalDate::parse(first).value(), LocalDate::parse(end).value(), keep},
            "user:anna");
        return invoice ? invoice->invoice.total.toText() : said(invoice);
    }
    std::string finalised(const InvoiceId& id)
    {
        return said(finaliseInvoice(invoicing, TenantId("nova"), id, "user:anna"));
    }
    std::size_t invoices() const
    {
        return readValue(storage(), Scope::allTenants("test"),
                         [](Work& work) { return storage::listInvoices(work, {}); })
            ->size();
    }
    /// "" when every invariant holds.
    std::string broken() const
    {
        std::string names;
        const auto violations = checkInvariants(storage(), *meters, sealer);
        for (const Violation& violation : *violations)
            names += violation.invariant + " " + violation.subject + " " + violation.detail + "; ";
        return names;
    }
    std::string balances() const
    {
        std::string text;
        const auto all = readValue(storage(), Scope::tenant(TenantId("nova")),
                                   [](Work& work) { return storage::balances(work, TenantId("nova")); });
        for (const storage::AccountBalance& one : *all)
            text += std::string(wireName(one.account)) + " " + one.balance.toText() + "; ";
        return text;
    }

    std::optional<Subscription> subscription;
};

} // namespace

class TestInvoicing : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void draftIsRefused_data();
    void draftIsRefused();
    void finalisingIsRefused();
    void finalisesWhileUsageKeepsComing();
    void dryRunKeepsNothing();
    void plansInAdvanceAreRefused();
    void usageBecomesMoneyOnce();
    void finalisingCountsWhatCameAfterTheDraft();
    void closingTakesTheDraftThatIsThere();
    void nothingUsedOnAFreePlanIsNotPosted();
};

void TestInvoicing::draftIsRefused_data()
{
    QTest::addColumn<std::string>("tenant");
    QTest::addColumn<std::string>("first");
    QTest::addColumn<std::string>("end");
    QTest::addColumn<std::string>("refusal");
    const auto row = [](const char* name, const char* tenant, const char* first, const char* end,
                        const char* refusal) {
        QTest::newRow(name) << std::string(tenant) << std::string(first) << std::string(end)
                            << std::string(refusal);
    };
    row("no tenant", "ghost", "2023-10-01", "2023-11-01", "not_found tenant_id");
    row("no subscription", "alone", "2023-10-01", "2023-11-01", "no_subscription period_start");
    row("before it starts", "nova", "2023-09-30", "2023-10-31", "no_subscription period_start");
    row("not its first day", "nova", "2023-10-02", "2023-11-02", "not_a_billing_period period_start");
    row("not its last day", "nova", "2023-10-01", "2023-10-31", "not_a_billing_period period_start");
    row("two periods", "nova", "2023-10-01", "2023-12-01", "not_a_billing_period period_start");
    row("still running", "nova", "2023-11-01", "2023-12-01", "period_not_over period_end");
    row("over", "nova", "2023-10-01", "2023-11-01", "32.13"); // 27.00 and 19 %
}

void TestInvoicing::draftIsRefused()
{
    QFETCH(const std::string, tenant);
    QFETCH(const std::string, first);
    QFETCH(const std::string, end);
    QFETCH(const std::string, refusal);
    House house;
    QCOMPARE(house.drafted(tenant, first, end), refusal);
    QCOMPARE(house.broken(), std::string());
}

void TestInvoicing::finalisingIsRefused()
{
    House house;
    QCOMPARE(house.finalised(InvoiceId("inv_none")), std::string("not_found invoice_id"));
    const Invoice draft = house.draft("nova", "2023-10-01", "2023-11-01");
    QCOMPARE(house.drafted("nova", "2023-10-01", "2023-11-01"),
             std::string("period_already_invoiced period_start"));
    house.accept({house.event("nova", "late", "1", "2023-10-31T22:00:00Z")});
    house.moveTo("2023-11-01T10:59:59.999999Z"); // October ended at 23:00Z, the grace lasts twelve hours
    QCOMPARE(house.finalised(draft.id), std::string("grace_period_running invoice_id"));
    house.moveTo("2023-11-01T11:00:00Z");
    QCOMPARE(house.finalised(draft.id), std::string("usage_not_settled usage"));
    house.settleAll();
    QCOMPARE(house.finalised(draft.id), std::string("ok"));
    QCOMPARE(house.finalised(draft.id), std::string("invoice_not_draft invoice_id"));
    QCOMPARE(house.drafted("nova", "2023-10-01", "2023-11-01"),
             std::string("period_already_invoiced period_start"));
    QCOMPARE(house.broken(), std::string());
}

void TestInvoicing::finalisesWhileUsageKeepsComing()
{
    House house;
    const Invoice draft = house.draft("nova", "2023-10-01", "2023-11-01");
    house.moveTo("2023-11-01T11:00:00.000001Z"); // behind the cut: late, whoever waits for it waits for ever
    house.accept({house.event("nova", "late", "1", "2023-10-31T22:00:00Z")});
    house.moveTo("2023-11-01T12:00:00Z");
    QCOMPARE(house.finalised(draft.id), std::string("ok"));
    house.settleAll();
    QCOMPARE(house.broken(), std::string());
}

void TestInvoicing::dryRunKeepsNothing()
{
    House house;
    house.accept({house.event("nova", "a", "1000", "2023-11-01T08:00:00Z")});
    house.settleAll();
    QCOMPARE(house.drafted("nova", "2023-11-01", "2023-12-01", Keep::Nothing), std::string("32.13"));
    QCOMPARE(house.invoices(), std::size_t{0});
    QCOMPARE(house.drafted("nova", "2023-10-01", "2023-11-01"), std::string("32.13"));
    QCOMPARE(house.drafted("nova", "2023-10-01", "2023-11-01", Keep::Nothing), std::string("32.13"));
    QCOMPARE(house.invoices(), std::size_t{1});
    QCOMPARE(house.broken(), std::string());
}

void TestInvoicing::plansInAdvanceAreRefused()
{
    House house;
    for (PlanVersion& plan : house.catalog.plans)
        plan.charges.front().timing = Timing::Advance;
    QCOMPARE(house.drafted("nova", "2023-10-01", "2023-11-01"), std::string("invalid_catalog fee"));
}

void TestInvoicing::usageBecomesMoneyOnce()
{
    House house;
    // 1,000,000 requests are included; 1,000 more at 0.000093 are 0.093, printed as 0.09. The last instant of
    // October in Berlin counts, the first of November does not.
    house.accept({house.event("nova", "a", "1000000", "2023-10-15T10:00:00Z"),
                  house.event("nova", "b", "1000", "2023-10-31T22:59:59.999999Z"),
                  house.event("nova", "c", "500", "2023-10-31T23:00:00Z")});
    house.accept({house.event("nova", "a", "1000000", "2023-10-15T10:00:00Z")});
    house.settleAll();
    house.moveTo("2023-11-02T09:00:00Z");
    const Invoice invoice = house.finalise(house.draft("nova", "2023-10-01", "2023-11-01"));
    QCOMPARE(invoice.net.toText(), std::string("27.09"));
    QCOMPARE(invoice.tax.toText(), std::string("5.15")); // 5.1471
    QCOMPARE(invoice.number.value(), std::string("EB-2023-000001"));
    QCOMPARE(invoice.issueDate->toText(), std::string("2023-11-02"));
    QCOMPARE(invoice.dueDate->toText(), std::string("2023-11-16"));
    QCOMPARE(house.balances(), std::string("receivable 32.24; revenue -27.09; tax_payable -5.15; "));
    QCOMPARE(house.broken(), std::string());
}

void TestInvoicing::finalisingCountsWhatCameAfterTheDraft()
{
    House house;
    const Invoice draft = house.draft("nova", "2023-10-01", "2023-11-01");
    house.accept({house.event("nova", "a", "2000000", "2023-10-15T10:00:00Z")});
    house.settleAll();
    QCOMPARE(house.broken(), std::string());
    house.moveTo("2023-11-02T09:00:00Z");
    QCOMPARE(house.finalise(draft).net.toText(), std::string("120.00")); // 27 and 1,000,000 at 0.000093
    house.accept({house.event("nova", "b", "2000000", "2023-10-15T10:00:00Z")});
    house.settleAll();
    QCOMPARE(house.broken(), std::string()); // late usage does not change what is final
}

void TestInvoicing::closingTakesTheDraftThatIsThere()
{
    House house;
    house.moveTo("2023-12-02T09:00:00Z");
    const Invoice draft = house.draft("nova", "2023-10-01", "2023-11-01");
    const auto due = duePeriods(house.invoicing, *house.subscription, house.subscription->billFrom)->periods;
    QCOMPARE(due.size(), std::size_t{2});
    QCOMPARE(closePeriod(house.invoicing, *house.subscription, due[0], "clockwork").value()->id.text(),
             draft.id.text());
    QVERIFY(closePeriod(house.invoicing, *house.subscription, due[1], "clockwork").value().has_value());
    QVERIFY(!closePeriod(house.invoicing, *house.subscription, due[1], "clockwork").value().has_value());
    QVERIFY(duePeriods(house.invoicing, *house.subscription, house.subscription->billFrom)->periods.empty());
    QCOMPARE(house.broken(), std::string());
}

void TestInvoicing::nothingUsedOnAFreePlanIsNotPosted()
{
    House house;
    house.subscribe("alone", "zero", "2023-10-01");
    house.moveTo("2023-11-02T09:00:00Z");
    QCOMPARE(house.finalise(house.draft("alone", "2023-10-01", "2023-11-01")).total.toText(),
             std::string("0.00"));
    QCOMPARE(house.broken(), std::string());
}

QTEST_GUILESS_MAIN(TestInvoicing)
#include "tst_invoicing.moc"
