// A tenant is sealed whole; its columns in clear hold nothing personal, and a profile moved to another tenant
// stays shut.
#include "tests/server/invoicing/billing_world.h"
#include "tests/support/printing.h"

#include <QTest>

using namespace billing;
using namespace billing::test;

class TestTenantRecords : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void profileOfAnotherStaysShut();
    void listsInOrder();
};

void TestTenantRecords::profileOfAnotherStaysShut()
{
    BillingWorld world;
    world.addTenant("nova");
    const auto row = readValue(world.storage(), Scope::allTenants("test"),
                               [](Work& work) { return storage::findTenant(work, TenantId("nova")); });
    storage::TenantRow moved = **row;
    moved.tenant.id = TenantId("other");
    QVERIFY(world.storage().write(Scope::allTenants("test"), Priority::Money, anyWork(),
                                  [&](Work& work) { return storage::insertTenant(work, moved); }));
    const auto found = readValue(world.storage(), Scope::allTenants("test"),
                                 [&](Work& work) { return world.tenants.find(work, TenantId("other")); });
    QCOMPARE(found.error().code, ErrorCode::SealBroken);
}

void TestTenantRecords::listsInOrder()
{
    BillingWorld world;
    for (const char* id : {"nova", "alfa", "zeta"})
        world.addTenant(id);
    std::string names;
    const auto page = readValue(world.storage(), Scope::allTenants("test"),
                                [&](Work& work) { return world.tenants.list(work, TenantId("alfa"), 9); });
    for (const Tenant& tenant : *page)
        names += tenant.id.text() + " ";
    QCOMPARE(names, std::string("nova zeta "));
}

QTEST_GUILESS_MAIN(TestTenantRecords)
#include "tst_tenant_records.moc"
