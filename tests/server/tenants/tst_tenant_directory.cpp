// Known tenants are remembered, unknown ones are asked about again.
#include "server/tenants/tenant_directory.h"
#include "tests/server/invoicing/billing_world.h"
#include "tests/server/storage/counting_storage.h"
#include "tests/support/printing.h"

#include <QTest>

using namespace billing;
using namespace billing::test;

class TestTenantDirectory : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsWhoCameLater();
    void asksOnceForAThousand();
};

void TestTenantDirectory::findsWhoCameLater()
{
    BillingWorld world;
    TenantDirectory directory(world.storage());
    const TenantId nova("nova");
    QVERIFY(directory.lookUp({nova}));
    QVERIFY(!directory.isRemembered(nova));
    world.addTenant("nova");
    QVERIFY(directory.lookUp({nova}));
    QVERIFY(directory.isRemembered(nova));
}

void TestTenantDirectory::asksOnceForAThousand()
{
    BillingWorld world;
    world.addTenant("nova");
    world.addTenant("vega");
    CountingStorage storage(world.storage());
    TenantDirectory directory(storage);
    std::vector<TenantId> ids{TenantId("vega"), TenantId("nova"), TenantId("vega")};
    for (int i = 0; i < 997; ++i)
        ids.emplace_back("nobody-" + std::to_string(i));
    QVERIFY(directory.lookUp(ids));
    QCOMPARE(storage.reads.load(), 1);
    QVERIFY(directory.isRemembered(TenantId("nova")) && directory.isRemembered(TenantId("vega")));
    QVERIFY(!directory.isRemembered(TenantId("nobody-0")));
    QVERIFY(directory.lookUp({TenantId("nova"), TenantId("vega")})); // these are known by now
    QCOMPARE(storage.reads.load(), 1);
    QVERIFY(directory.lookUp({}));
    QCOMPARE(storage.reads.load(), 1);
}

QTEST_GUILESS_MAIN(TestTenantDirectory)
#include "tst_tenant_directory.moc"
