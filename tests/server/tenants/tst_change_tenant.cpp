// A profile is changed by who has seen it, with an audit entry that says which members; frozen invoices keep
// their buyer, and the next one has the new.
#include "server/tenants/change_tenant.h"

#include "server/storage/audit_entries.h"
#include "server/storage/invoices.h"
#include "server/storage/set_aside.h"
#include "tests/server/invoicing/billing_world.h"
#include "tests/support/printing.h"

#include <QTest>

using namespace billing;
using namespace billing::test;

class TestChangeTenant : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void changesWhatIsSearchedAndShown();
    void isRefused_data();
    void isRefused();
    void nothingChangedIsNotAudited();
    void currencyAndZoneStayUnderASubscription();
    void ofTwoOnTheSameStateOneWins();
    void frozenInvoicesKeepTheirBuyer();
    void whatWasSetAsideIsTriedAgain();
};

namespace {

using Change = std::function<void(Tenant&)>;

TenantChange change(const Tenant& seen, const Change& what)
{
    const std::string digest = profileDigest(seen);
    return {seen.id, "user:ben", [=](std::string_view stored) { return stored == digest; },
            [=](const Tenant& stored) -> Result<Tenant> {
                Tenant changed = stored;
                what(changed);
                return changed;
            }};
}

void moveToHamburg(Tenant& tenant)
{
    tenant.legalName = "Nova Labs GmbH";
    tenant.address.city = "Hamburg";
}

Tenant stored(const BillingWorld& world, const std::string& id)
{
    return **readValue(world.storage(), Scope::tenant(TenantId(id)),
                       [&](Work& work) { return world.tenants.find(work, TenantId(id)); });
}

std::vector<storage::AuditRow> audited(const BillingWorld& world, const std::string& id)
{
    return readValue(world.storage(), Scope::tenant(TenantId(id)),
                     [&](Work& work) { return storage::auditEntries(work, id, 0, 99); })
        .value();
}

std::string snapshot(const BillingWorld& world, const Invoice& invoice)
{
    return readValue(world.storage(), Scope::tenant(invoice.tenant),
                     [&](Work& work) -> Result<std::string> {
                         const auto row = storage::findInvoice(work, invoice.tenant, invoice.id);
                         return world.records.openSnapshot(**row);
                     })
        .value();
}

} // namespace

void TestChangeTenant::changesWhatIsSearchedAndShown()
{
    BillingWorld world;
    const Tenant before = world.addTenant("nova");
    world.moveTo("2023-11-02T09:00:00Z");
    const auto changed = changeTenant(world.tenantPorts(), change(before, [](Tenant& tenant) {
                                          moveToHamburg(tenant);
                                          tenant.country = "FR";
                                          tenant.taxIds = {"fr 40 303 265 045"};
                                          tenant.locale = "fr-FR";
                                          tenant.taxCategory = TaxCategory::ReverseCharge;
                                      }));
    QVERIFY2(changed, changed ? "" : toText(changed.error()).c_str());
    QCOMPARE(changed->taxIds, std::vector<std::string>{"FR40303265045"});
    QVERIFY(changed->createdAt == before.createdAt);
    QVERIFY(stored(world, "nova") == *changed);
    const auto found = readValue(world.storage(), Scope::allTenants("test"), [&](Work& work) {
        return storage::searchTenants(work, "nova labs", std::nullopt, 9);
    });
    QCOMPARE(found->size(), std::size_t{1});
    QCOMPARE(found->front().tenant.country + found->front().tenant.locale, std::string("FRfr-FR"));
    QVERIFY(found->front().tenant.taxCategory == TaxCategory::ReverseCharge);

    const auto entries = audited(world, "nova");
    QCOMPARE(entries.size(), std::size_t{2});
    QCOMPARE(entries[1].actor + " " + entries[1].action + " " + entries[1].object,
             std::string("user:ben change tenant:nova"));
    QCOMPARE(
        entries[1].body,
        R"({"changed":["legal_name","country","locale","address.city","tax_ids","tax_category"],"profile_before":")" +
            profileDigest(before) + R"(","profile_after":")" + profileDigest(*changed) + R"("})");
}

void TestChangeTenant::isRefused_data()
{
    QTest::addColumn<Change>("what");
    QTest::addColumn<std::string>("refusal");
    const auto row = [](const char* name, Change what, const char* refusal) {
        QTest::newRow(name) << what << std::string(refusal);
    };
    row(
        "another state", [](Tenant& seen) { seen.email = "old@nova.example"; },
        "precondition_failed If-Match");
    row(
        "another tenant", [](Tenant& seen) { seen.id = TenantId("other"); }, "not_found tenant_id");
}

void TestChangeTenant::isRefused()
{
    QFETCH(const Change, what);
    QFETCH(const std::string, refusal);
    BillingWorld world;
    Tenant seen = world.addTenant("nova");
    what(seen);
    QCOMPARE(BillingWorld::said(changeTenant(world.tenantPorts(), change(seen, moveToHamburg))), refusal);
    // A bad profile is refused as when it is made.
    const auto bad = change(stored(world, "nova"), [](Tenant& tenant) { tenant.taxIds = {"n/a"}; });
    QCOMPARE(BillingWorld::said(changeTenant(world.tenantPorts(), bad)),
             std::string("invalid_tax_id tax_ids[0]"));
    QCOMPARE(stored(world, "nova").legalName, std::string("Fjordlicht Energie GmbH"));
    QCOMPARE(audited(world, "nova").size(), std::size_t{1});
}

void TestChangeTenant::nothingChangedIsNotAudited()
{
    BillingWorld world;
    const Tenant before = world.addTenant("nova");
    const auto same = changeTenant(world.tenantPorts(), change(before, [](Tenant&) {}));
    QVERIFY(same && *same == before);
    QCOMPARE(audited(world, "nova").size(), std::size_t{1});
}

void TestChangeTenant::currencyAndZoneStayUnderASubscription()
{
    BillingWorld world;
    const Tenant nova = world.addTenant("nova");
    const Tenant beta = world.addTenant("beta");
    world.subscribe("nova", "lite", "2023-11-01");
    const Change dollars = [](Tenant& tenant) { tenant.currency = *Currency::parse("USD"); };
    const Change zone = [](Tenant& tenant) { tenant.timeZone = "Europe/Paris"; };
    QCOMPARE(BillingWorld::said(changeTenant(world.tenantPorts(), change(nova, dollars))),
             std::string("invalid_value currency"));
    QCOMPARE(BillingWorld::said(changeTenant(world.tenantPorts(), change(nova, zone))),
             std::string("invalid_value time_zone"));
    QCOMPARE(BillingWorld::said(changeTenant(world.tenantPorts(), change(nova, moveToHamburg))),
             std::string("ok"));
    const auto moved = changeTenant(world.tenantPorts(), change(beta, dollars));
    QVERIFY(moved);
    QCOMPARE(BillingWorld::said(changeTenant(world.tenantPorts(), change(*moved, zone))), std::string("ok"));
}

void TestChangeTenant::ofTwoOnTheSameStateOneWins()
{
    BillingWorld world;
    const Tenant seen = world.addTenant("nova");
    // In turn: the second has seen what is no longer there.
    QCOMPARE(BillingWorld::said(changeTenant(world.tenantPorts(), change(seen, moveToHamburg))),
             std::string("ok"));
    QCOMPARE(BillingWorld::said(changeTenant(world.tenantPorts(), change(seen, moveToHamburg))),
             std::string("precondition_failed If-Match"));
    // In between: another writes after the state was read, as another server may.
    const Tenant now = stored(world, "nova");
    const auto late = world.storage().write(Scope::tenant(now.id), Priority::Money, anyWork(),
                                            [&](Work& work) -> Result<void> {
                                                Tenant first = now;
                                                first.email = "first@nova.example";
                                                Tenant second = now;
                                                second.email = "second@nova.example";
                                                const auto one = world.tenants.replace(work, now, first);
                                                return one ? world.tenants.replace(work, now, second) : one;
                                            });
    QCOMPARE(late.error().code, ErrorCode::PreconditionFailed);
    QVERIFY(stored(world, "nova") == now);
}

void TestChangeTenant::frozenInvoicesKeepTheirBuyer()
{
    BillingWorld world;
    const Tenant before = world.addTenant("nova");
    world.subscribe("nova", "lite", "2023-09-01");
    const Invoice september = world.finalise(world.draft("nova", "2023-09-01", "2023-10-01"));
    world.moveTo("2023-11-02T12:00:00Z");
    const Invoice draft = world.draft("nova", "2023-10-01", "2023-11-01");
    QCOMPARE(draft.buyer.name, before.legalName);
    const std::string frozen = snapshot(world, september);
    QVERIFY(changeTenant(world.tenantPorts(), change(before, moveToHamburg)));
    QCOMPARE(snapshot(world, september), frozen);
    const Invoice october = world.finalise(draft);
    QCOMPARE(october.buyer.name, std::string("Nova Labs GmbH"));
    QCOMPARE(october.buyer.address.city, std::string("Hamburg"));
    QCOMPARE(snapshot(world, september), frozen);
}

void TestChangeTenant::whatWasSetAsideIsTriedAgain()
{
    BillingWorld world;
    const Tenant nova = world.addTenant("nova");
    const Instant now = world.clock.now();
    const Duration tomorrow[] = {std::chrono::hours(24)};
    const auto due = [&] {
        return readValue(world.storage(), Scope::tenant(nova.id), [&](Work& work) {
            return storage::dueAside(work, storage::AsideKind::Document, now, 9);
        });
    };
    BILLING_ASSERT(world.storage().write(
        Scope::tenant(nova.id), Priority::Money, anyWork(), [&](Work& work) -> Result<void> {
            const auto key = storage::documentKey(nova.id, InvoiceId("inv_1"));
            const auto aside = storage::setAside(work, {key, Error{ErrorCode::RenderFailed}, now, tomorrow});
            return aside ? Result<void>() : aside.error();
        }));
    QVERIFY(due()->empty());
    QVERIFY(changeTenant(world.tenantPorts(), change(nova, [](Tenant&) {})));
    QVERIFY(due()->empty()); // nothing was changed
    QVERIFY(changeTenant(world.tenantPorts(), change(nova, moveToHamburg)));
    QCOMPARE(due()->size(), std::size_t{1});
}

QTEST_GUILESS_MAIN(TestChangeTenant)
#include "tst_change_tenant.moc"
