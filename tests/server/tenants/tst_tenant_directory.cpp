// Known tenants are remembered, unknown ones are asked about again.
#include "server/tenants/tenant_directory.h"
#include "tests/server/invoicing/billing_world.h"
#include "tests/support/printing.h"

#include <QTest>

using namespace billing;
using namespace billing::test;

class TestTenantDirectory : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsWhoCameLater();
};

void TestTenantDirectory::findsWhoCameLater()
{
    BillingWorld world;
    TenantDirectory directory(world.storage());
    const TenantId nova("nova");
    QVERIFY(!directory.exists(nova).value());
    QVERIFY(!directory.isRemembered(nova));
    world.addTenant("nova");
    QVERIFY(directory.exists(nova).value());
    QVERIFY(directory.isRemembered(nova));
}

QTEST_GUILESS_MAIN(TestTenantDirectory)
#include "tst_tenant_directory.moc"
