// What finalising would meet is said before: for each way it can fail, the dry run refuses with the same code
// or warns of it; and what nobody will pay for, or cannot, is said too.
#include "server/invoicing/invoice_warnings.h"
#include "tests/server/invoicing/billing_world.h"
#include "tests/support/printing.h"

#include <QTest>

using namespace billing;
using namespace billing::test;
using namespace std::chrono_literals;

namespace {

struct House : BillingWorld
{
    House()
    {
        issuer.bank.iban = "DE75512108001245126199";
        addTenant("nova");
        subscription = subscribe("nova", "shared", "2023-09-01");
        moveTo("2023-11-02T09:00:00Z");
    }
    Result<PreparedInvoice> prepare(const char* first = "2023-10-01", const char* end = "2023-11-01",
                                    Keep keep = Keep::Nothing)
    {
        return draftInvoice(
            invoicing,
            {TenantId("nova"), LocalDate::parse(first).value(), LocalDate::parse(end).value(), keep},
            "user:anna");
    }
    /// The codes it warns of, or that of its refusal.
    static std::string told(const Result<PreparedInvoice>& prepared)
    {
        if (!prepared)
            return "refused " + std::string(wireName(prepared.error().code));
        std::string codes;
        for (const InvoiceWarning& warning : prepared->warnings)
            codes += (codes.empty() ? "" : " ") + warning.code;
        return codes;
    }
    PlanVersion& plan()
    {
        for (PlanVersion& one : catalog.plans)
            if (one.code.text() == "shared")
                return one;
        BILLING_ASSERT(false);
        return catalog.plans.front();
    }

    std::optional<Subscription> subscription;
};

void breakIt(House& house, const QString& what)
{
    if (what == QLatin1String("no tax rate"))
        house.issuer.taxRates.clear();
    if (what == QLatin1String("in advance"))
        house.plan().charges.front().timing = Timing::Advance;
    if (what == QLatin1String("no price in the currency"))
        for (Charge& charge : house.plan().charges)
            charge.price.erase(Currency::parse("EUR").value());
    if (what == QLatin1String("no plan"))
        house.catalog.plans.clear();
    if (what == QLatin1String("overflow"))
        for (Charge& charge : house.plan().charges)
            for (auto& [currency, price] : charge.price)
                price = Decimal::parse("999999999999999999").value();
    if (what == QLatin1String("the customer's seal"))
        house.store.tamper("UPDATE tenant SET sealed_profile = zeroblob(64) WHERE tenant_id = 'nova'");
    if (what == QLatin1String("the issuer's zone"))
        house.issuer.timeZone = "Mars/Utopia";
    if (what == QLatin1String("grace"))
        house.clock.setNow(Instant::parse("2023-11-01T09:00:00Z").value());
    if (what == QLatin1String("waiting usage"))
        house.accept({house.event("nova", "a", "1", "2023-10-31T20:00:00Z")});
}

} // namespace

class TestInvoiceWarnings : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nothingToSay();
    void whatFinalisingRefusesIsSaidBefore_data();
    void whatFinalisingRefusesIsSaidBefore();
    void aNumberGivenOutBeforeIsSaid();
    void aPeriodThatRunsIsSaid();
    void anotherInvoiceIsNamed();
    void aPeriodBeforeBillFromIsSaid();
    void usageWithoutAPriceIsSaidOnceForEachMeter();
    void anAccountToPayIntoIsMissed();
    void howItPrintsIsAsked();
    void theKeptDraftIsWithoutWarnings();
};

void TestInvoiceWarnings::nothingToSay()
{
    House house;
    QCOMPARE(House::told(house.prepare()), std::string());
    QCOMPARE(House::told(house.prepare("2023-10-01", "2023-11-01", Keep::Draft)), std::string());
}

void TestInvoiceWarnings::whatFinalisingRefusesIsSaidBefore_data()
{
    QTest::addColumn<QString>("broken");
    QTest::addColumn<QString>("refusal");
    QTest::addColumn<bool>("isWarned");
    const auto row = [](const char* broken, const char* refusal, bool isWarned = false) {
        QTest::newRow(broken) << QString::fromUtf8(broken) << QString::fromUtf8(refusal) << isWarned;
    };
    row("no tax rate", "no_tax_rate");
    row("in advance", "invalid_catalog");
    row("no price in the currency", "price_not_in_currency");
    row("no plan", "unknown_plan");
    row("overflow", "amount_overflow");
    row("the customer's seal", "seal_broken");
    row("the issuer's zone", "unknown_time_zone");
    row("grace", "grace_period_running", true);
    row("waiting usage", "usage_not_settled", true);
}

void TestInvoiceWarnings::whatFinalisingRefusesIsSaidBefore()
{
    QFETCH(QString, broken);
    QFETCH(QString, refusal);
    QFETCH(bool, isWarned);
    House house;
    const Invoice draft = house.draft("nova", "2023-10-01", "2023-11-01"); // while all was well
    breakIt(house, broken);
    const auto finalised = finaliseInvoice(house.invoicing, draft.tenant, draft.id, "user:anna");
    QCOMPARE(std::string(wireName(finalised.error().code)), refusal.toStdString());
    // Of another period, so that the draft is not in the way; both ways of asking.
    const char* const other = isWarned ? "2023-10-01" : "2023-09-01";
    const char* const end = isWarned ? "2023-11-01" : "2023-10-01";
    const std::string said = House::told(house.prepare(other, end));
    if (!isWarned) {
        QCOMPARE(said, "refused " + refusal.toStdString());
        QCOMPARE(House::told(house.prepare(other, end, Keep::Draft)), said);
        return;
    }
    QVERIFY2((" " + said + " ").find(" " + refusal.toStdString() + " ") != std::string::npos, said.c_str());
    house.store.tamper("DELETE FROM invoice_line");
    QVERIFY(house.storage().write(Scope::tenant(draft.tenant), Priority::Money, anyWork(), [&](Work& work) {
        return storage::removeDraft(work, draft.tenant, draft.id);
    }));
    QCOMPARE(House::told(house.prepare(other, end, Keep::Draft)), refusal.toStdString());
}

void TestInvoiceWarnings::aNumberGivenOutBeforeIsSaid()
{
    House house;
    house.store.tamper("INSERT INTO issued_number VALUES ('main', 'EB-2023-000001', 'EB', 1)");
    const auto prepared = house.prepare();
    QCOMPARE(House::told(prepared), std::string("invoice_number_taken"));
    QCOMPARE(prepared->warnings.front().detail,
             std::string("the next number, EB-2023-000001, was given out before"));
    house.issuer.numberPattern = "{series}-{number:6}";
    QCOMPARE(House::told(house.prepare()), std::string());
}

void TestInvoiceWarnings::aPeriodThatRunsIsSaid()
{
    House house;
    const auto prepared = house.prepare("2023-11-01", "2023-12-01");
    QCOMPARE(House::told(prepared), std::string("period_not_over"));
    QCOMPARE(prepared->warnings.front().detail,
             std::string("usage may still come; it can be finalised from 2023-12-01T11:00:00Z"));
    QCOMPARE(House::told(house.prepare("2023-11-01", "2023-12-01", Keep::Draft)),
             std::string("refused period_not_over"));
}

void TestInvoiceWarnings::anotherInvoiceIsNamed()
{
    House house;
    const Invoice draft = house.draft("nova", "2023-10-01", "2023-11-01");
    const auto prepared = house.prepare();
    QCOMPARE(House::told(prepared), std::string("period_already_invoiced"));
    QCOMPARE(prepared->warnings.front().detail, draft.id.text());
}

void TestInvoiceWarnings::aPeriodBeforeBillFromIsSaid()
{
    House house;
    house.store.tamper("UPDATE subscription SET bill_from = '2023-10-01'");
    QCOMPARE(House::told(house.prepare()), std::string());
    QCOMPARE(House::told(house.prepare("2023-09-01", "2023-10-01")), std::string("before_bill_from"));
}

void TestInvoiceWarnings::usageWithoutAPriceIsSaidOnceForEachMeter()
{
    House house;
    DrawnInvoice drawn{house.prepare()->invoice, {}};
    const auto unbilled = [&](const char* meter, const char* key, UnbilledReason reason) {
        drawn.invoice.unbilled.push_back({MeterCode(meter), key, Decimal::fromInteger(5), reason});
    };
    unbilled("tokens", "model=a", UnbilledReason::NoPrice);
    unbilled("tokens", "model=b", UnbilledReason::NoPrice);
    unbilled("tokens", "", UnbilledReason::OverLimit);
    unbilled("agents", "", UnbilledReason::NoPrice);
    std::string said;
    for (const InvoiceWarning& warning : warningsOf(drawn))
        said += warning.code + " " + warning.subject + ": " + warning.detail + "; ";
    QCOMPARE(said,
             std::string("no_price agents: usage on no line, listed under unbilled: 1 combination of "
                         "dimensions; no_price tokens: usage on no line, listed under unbilled: 2 "
                         "combinations of dimensions; over_limit tokens: usage on no line, listed under "
                         "unbilled: 1 combination of dimensions; "));
}

void TestInvoiceWarnings::anAccountToPayIntoIsMissed()
{
    House house;
    house.issuer.bank = {};
    QCOMPARE(House::told(house.prepare()), std::string("no_bank_account"));
    house.issuer.bank.otherAccount = "CLABE 012180012345678901";
    QCOMPARE(House::told(house.prepare()), std::string());
    house.issuer.bank = {};
    DrawnInvoice drawn{house.prepare()->invoice, {}};
    drawn.invoice.total = Money::zero(drawn.invoice.currency);
    QVERIFY(warningsOf(drawn).empty()); // nothing is due
}

void TestInvoiceWarnings::howItPrintsIsAsked()
{
    House house;
    Invoicing invoicing = house.invoicing;
    invoicing.printCheck = [](const Invoice& invoice) {
        return std::vector<InvoiceWarning>{{"invalid_character", "buyer.name", invoice.buyer.name}};
    };
    const LocalDate first = LocalDate::parse("2023-10-01").value();
    const auto prepared =
        draftInvoice(invoicing, {TenantId("nova"), first, first.plusMonths(1), Keep::Nothing}, "user:anna");
    QCOMPARE(House::told(prepared), std::string("invalid_character"));
    QCOMPARE(prepared->warnings.front().detail, std::string("Fjordlicht Energie GmbH"));
}

void TestInvoiceWarnings::theKeptDraftIsWithoutWarnings()
{
    House house;
    house.issuer.bank = {};
    const auto prepared = house.prepare("2023-10-01", "2023-11-01", Keep::Draft);
    QCOMPARE(House::told(prepared), std::string("no_bank_account"));
    const auto row = readValue(house.storage(), Scope::tenant(TenantId("nova")), [&](Work& work) {
        return storage::findInvoice(work, TenantId("nova"), prepared->invoice.id);
    });
    const auto snapshot = house.records.openSnapshot(**row);
    QVERIFY(snapshot->find("warnings") == std::string::npos);
}

QTEST_GUILESS_MAIN(TestInvoiceWarnings)
#include "tst_invoice_warnings.moc"
