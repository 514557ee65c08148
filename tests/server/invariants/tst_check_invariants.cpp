// Every invariant can fire: a small real world breaks none, and each fault planted in its file breaks exactly
// the one that names it.
//
// Tests: audit_checks.cpp invoice_checks.cpp invoice_usage_checks.cpp usage_checks.cpp violations.cpp
// Tests: server/storage/invariants.cpp server/storage/invariant_rows.cpp
#include "server/invariants/check_invariants.h"
#include "server/storage/documents.h"
#include "tests/server/invoicing/billing_world.h"
#include "tests/support/printing.h"

#include <QTest>

#include <set>

using namespace billing;
using namespace billing::test;

namespace {

/// Two tenants; october of "nova" is final with some over its allowance, so is "beta"'s, which used nothing;
/// november of "nova" is a draft; two events are repeats, one a conflict.
class October
{
public:
    October()
    {
        for (const char* tenant : {"nova", "beta"}) {
            world.addTenant(tenant);
            world.subscribe(tenant, "shared", "2023-10-01");
        }
        world.accept({world.event("nova", "e1", "1000000", "2023-10-01T10:00:00Z"),
                      world.event("nova", "e2", "123456.5", "2023-10-01T10:59:59.999999Z"),
                      world.event("nova", "e3", "70000", "2023-10-31T22:59:59Z")});
        world.accept({world.event("nova", "e3", "70000.0", "2023-10-31T22:59:59Z"),
                      world.event("nova", "e3", "70001", "2023-10-31T22:59:59Z")});
        world.settleAll();
        world.accept({world.event("nova", "e4", "5", "2023-11-20T10:00:00Z")});
        world.settleAll();
        world.moveTo("2023-11-02T09:00:00Z");
        first = world.finalise(world.draft("nova", "2023-10-01", "2023-11-01"));
        world.finalise(world.draft("beta", "2023-10-01", "2023-11-01"));
        world.moveTo("2023-12-02T09:00:00Z");
        second = world.draft("nova", "2023-11-01", "2023-12-01");
    }

    std::vector<Violation> violations() const
    {
        return checkInvariants(world.storage(), *world.meters, world.sealer).value();
    }

    BillingWorld world;
    std::optional<Invoice> first;
    std::optional<Invoice> second;
};

std::string firing(const std::vector<Violation>& violations)
{
    std::set<std::string> names;
    for (const Violation& violation : violations)
        names.insert(violation.invariant);
    std::string text;
    for (const std::string& name : names)
        text += text.empty() ? name : " " + name;
    return text;
}

void show(const std::vector<Violation>& violations)
{
    for (const Violation& violation : violations)
        qInfo("%s %s: %s", violation.invariant.c_str(), violation.subject.c_str(), violation.detail.c_str());
}

/// Seals a changed november again, as a program with a wrong figure in it would.
void replaceNovember(October& world, const std::function<void(Invoice&)>& change)
{
    Invoice invoice = *world.second;
    change(invoice);
    BillingWorld& house = world.world;
    BILLING_ASSERT(house.storage().write(
        Scope::tenant(invoice.tenant), Priority::Money, anyWork(), [&](Work& work) -> Result<void> {
            const auto usage = storage::invoiceUsage(work, invoice.tenant, invoice.id);
            return house.records.replace(work, invoice, {"main", "EB", {}, house.clock.now(), {}}, *usage);
        }));
}

Money plusOne(const Money& amount)
{
    return Money::fromMinor(amount.minorUnits() + 1, amount.currency());
}

} // namespace

class TestCheckInvariants : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void plantedSqlFires_data();
    void plantedSqlFires();
    void wrongFiguresFire_data();
    void wrongFiguresFire();
    void overlappingPeriodFires();
    void nothingIsWrong();
    void emptyStoreIsWell();
    void namesAHundredAndCountsTheRest();
};

void TestCheckInvariants::plantedSqlFires_data()
{
    QTest::addColumn<QString>("sql");
    QTest::addColumn<QString>("invariant");
    const auto row = [](const char* name, const char* invariant, const char* sql) {
        QTest::newRow(name) << QString::fromUtf8(sql) << QString::fromUtf8(invariant);
    };
    row("entry one cent off", "I1",
        "UPDATE ledger_entry SET amount = amount + 1 WHERE account = 'tax_payable' AND "
        "tenant_id = 'nova'");
    row("entry missing", "I1",
        "DELETE FROM ledger_entry WHERE account = 'tax_payable' AND tenant_id = 'beta'");
    row("event twice", "I3", "UPDATE usage_block SET events = replace(events, '\"e2\"', '\"e1\"')");
    row("event without claim", "I3",
        "INSERT INTO usage_block VALUES ('nova', 1, 1, 0, 1, 1, '[[1,\"\",\"x\",\"none\",\"1\",\"\",1]]')");
    // An invoice that billed what cannot be read cannot be explained either.
    row("block counts another number of events", "I3 I7",
        "UPDATE usage_block SET event_count = event_count + 1 WHERE tenant_id = 'nova'");
    row("block that cannot be read", "I3 I7",
        "UPDATE usage_block SET events = '[' || events WHERE tenant_id = 'nova'");
    row("claim lost", "I3",
        "DELETE FROM event_identity WHERE payload_sha256 = (SELECT min(payload_sha256) FROM "
        "event_identity)");
    row("claim of another payload", "I3",
        "UPDATE event_identity SET payload_sha256 = zeroblob(32) WHERE payload_sha256 = "
        "(SELECT min(payload_sha256) FROM event_identity)");
    row("claim without event", "I3",
        "INSERT INTO event_identity VALUES ('beta', zeroblob(16), zeroblob(32), 640)");
    row("outcomes too short", "I4", "UPDATE usage_journal SET outcomes = x'73' WHERE position = 1");
    row("waiting with outcome", "I4", "UPDATE usage_journal SET state = 0 WHERE position = 1");
    row("rollup changed", "I6", "UPDATE usage_rollup SET state = '1:sum:1:6' WHERE state = '1:sum:1:5'");
    row("rollup lost", "I6", "DELETE FROM usage_rollup WHERE state = '1:sum:1:5'");
    row("rollup unreadable", "I6", "UPDATE usage_rollup SET state = 'x' WHERE state = '1:sum:1:5'");
    row("rollup from nowhere", "I6",
        "INSERT INTO usage_rollup VALUES ('nova', 'api_request', 1, '', 0, '1:sum:1:5', 1)");
    row("billed quantity off", "I7", "UPDATE invoice_usage SET quantity = '1193456.4' WHERE events = 3");
    row("billed count off", "I7", "UPDATE invoice_usage SET events = 4 WHERE events = 3");
    row("billed before it settled", "I7", "UPDATE invoice_usage SET settle_upto = 99 WHERE events = 1");
    row("billed twice", "I7",
        "UPDATE invoice_usage SET range_start = (SELECT min(range_start) FROM invoice), events = 4, "
        "quantity = '1193461.5' WHERE events = 1");
    row("counter ahead", "I8", "UPDATE invoice_series SET last_number = 3");
    row("series date behind", "I8", "UPDATE invoice_series SET last_issue_date = '2023-11-01'");
    row("number left out", "I8",
        "UPDATE invoice SET series_number = 7 WHERE series_number = 2; "
        "UPDATE invoice_series SET last_number = 7");
    // A frozen date cannot change unseen, so that two invariants fire here.
    row("dates run backwards", "I17 I8",
        "UPDATE invoice SET issue_date = '2023-11-03' WHERE series_number = 1");
    row("one number twice", "I17 I8",
        "UPDATE invoice SET number = (SELECT number FROM invoice WHERE series_number = 1) WHERE "
        "series_number = 2");
    row("number not noted", "I8", "DELETE FROM issued_number WHERE series_number = 2");
    row("number noted for another", "I8",
        "UPDATE issued_number SET series_number = 9 WHERE series_number = 2");
    row("number of another series", "I8", "UPDATE issued_number SET series = 'EC' WHERE series_number = 2");
    row("number of nobody", "I8", "INSERT INTO issued_number VALUES ('main', 'EB-2023-000009', 'EB', 9)");
    row("not posted", "I13",
        "DELETE FROM ledger_entry WHERE tenant_id = 'nova'; "
        "DELETE FROM ledger_transaction WHERE tenant_id = 'nova'");
    row("posted amount off", "I13", "UPDATE ledger_entry SET amount = amount * 2 WHERE tenant_id = 'nova'");
    row("posting of nothing", "I13",
        "INSERT INTO ledger_entry SELECT tenant_id, 'ltx_9', ordinal, account, detail, "
        "currency, amount FROM ledger_entry WHERE tenant_id = 'nova'; "
        "INSERT INTO ledger_transaction VALUES ('nova', 'ltx_9', 'invoice', 'inv_9', 0)");
    row("audit actor changed", "I14",
        "UPDATE audit_entry SET actor = 'user:eve' WHERE tenant_id = 'nova' AND seq = 2");
    row("audit entry lost", "I14", "DELETE FROM audit_entry WHERE tenant_id = 'beta' AND seq = 2");
    row("finalising not audited", "I14",
        "DELETE FROM audit_entry WHERE tenant_id = 'beta' AND action = 'finalise'");
    row("digest changed", "I17", "UPDATE invoice SET snapshot_sha256 = zeroblob(32) WHERE status = 'draft'");
    row("column changed", "I17", "UPDATE invoice SET due_date = '2033-01-01' WHERE series_number = 1");
    row("line changed", "I17",
        "UPDATE invoice_line SET quantity = '2' WHERE charge_code = 'fee' AND tenant_id = 'beta'");
    row("document of a draft", "I17",
        "INSERT INTO invoice_document SELECT tenant_id, invoice_id, zeroblob(32), 1, 'x', 1, 0 "
        "FROM invoice WHERE status = 'draft'");
    row("document of another template", "I17",
        "INSERT INTO invoice_document SELECT tenant_id, invoice_id, zeroblob(32), 1, "
        "'x', 2, 0 FROM invoice WHERE series_number = 1");
    row("usage of nobody", "I18",
        "INSERT INTO usage_conflict VALUES ('ghost', 1, 0, '', 'e', zeroblob(32), NULL, NULL, NULL)");
    row("unknown key", "I20",
        "UPDATE tenant SET sealed_profile = CAST(x'0100000009' || substr(sealed_profile, 6) AS BLOB) WHERE "
        "tenant_id = 'beta'");
    row("invoice of unknown key", "I20",
        "UPDATE invoice SET sealed_snapshot = CAST(x'0100000009' || "
        "substr(sealed_snapshot, 6) AS BLOB) WHERE status = 'draft'");
    row("nonce twice", "I20",
        "UPDATE tenant SET sealed_profile = (SELECT sealed_profile FROM tenant WHERE tenant_id = "
        "'nova') WHERE tenant_id = 'beta'");
    if (testEngine() == Engine::Sqlite)
        row("an index that lost its rows", "I24",
            "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'state = 0', 'state = "
            "1') "
            "WHERE "
            "name = 'usage_journal_waiting'; PRAGMA schema_version = 900");
    row("a plan that is not there", "I24",
        "UPDATE subscription SET plan_version = 9 WHERE tenant_id = 'beta'");
}

void TestCheckInvariants::plantedSqlFires()
{
    QFETCH(const QString, sql);
    QFETCH(const QString, invariant);
    October october;
    october.world.store.tamper(sql.toStdString());
    const auto violations = october.violations();
    if (firing(violations) != invariant.toStdString())
        show(violations);
    QCOMPARE(firing(violations), invariant.toStdString());
}

void TestCheckInvariants::wrongFiguresFire_data()
{
    QTest::addColumn<std::function<void(Invoice&)>>("change");
    const auto row = [](const char* name, std::function<void(Invoice&)> change) {
        QTest::newRow(name) << change;
    };
    row("tax one cent off", [](Invoice& invoice) {
        invoice.taxes[0].tax = plusOne(invoice.taxes[0].tax);
        invoice.tax = plusOne(invoice.tax);
        invoice.total = plusOne(invoice.total);
    });
    row("tax sum off", [](Invoice& invoice) {
        invoice.tax = plusOne(invoice.tax);
        invoice.total = plusOne(invoice.total);
    });
    row("net off", [](Invoice& invoice) {
        invoice.net = plusOne(invoice.net);
        invoice.total = plusOne(invoice.total);
    });
    row("tax base off", [](Invoice& invoice) { invoice.taxes[0].base = plusOne(invoice.taxes[0].base); });
    row("category without tax line",
        [](Invoice& invoice) { invoice.lines[0].taxCategory = TaxCategory::Exempt; });
}

void TestCheckInvariants::wrongFiguresFire()
{
    QFETCH(const std::function<void(Invoice&)>, change);
    October october;
    replaceNovember(october, change);
    const auto violations = october.violations();
    show(violations);
    QCOMPARE(firing(violations), std::string("I9"));
}

void TestCheckInvariants::overlappingPeriodFires()
{
    October october;
    Invoice again = *october.second;
    again.id = InvoiceId("inv_again");
    again.period.range.start = again.period.range.start.plus(std::chrono::hours(24));
    BILLING_ASSERT(october.world.storage().write(
        Scope::tenant(again.tenant), Priority::Money, anyWork(), [&](Work& work) {
            return october.world.records.insert(work, again,
                                                {"main", "EB", {}, october.world.clock.now(), {}}, {});
        }));
    QCOMPARE(firing(october.violations()), std::string("I21"));
}

void TestCheckInvariants::nothingIsWrong()
{
    October october;
    QVERIFY(!october.first->lines.empty() && october.first->total.minorUnits() > 0);
    const auto violations = october.violations();
    show(violations);
    QVERIFY(violations.empty());
}

void TestCheckInvariants::emptyStoreIsWell()
{
    const BillingWorld world;
    QVERIFY(checkInvariants(world.storage(), *world.meters, world.sealer)->empty());
}

void TestCheckInvariants::namesAHundredAndCountsTheRest()
{
    Violations found;
    for (int i = 0; i < 103; ++i)
        found.add({"I13", "x", "y"});
    found.add({"I8", "series", "z"});
    const auto all = found.take();
    QCOMPARE(all.size(), std::size_t{102});
    QCOMPARE(all.front().invariant, std::string("I8"));
    QCOMPARE(all.back(), (Violation{"I13", "more", "3 more violations"}));
}

QTEST_GUILESS_MAIN(TestCheckInvariants)
#include "tst_check_invariants.moc"
