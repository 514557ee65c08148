// What is read back is what was written; what was moved, changed or sealed by an unknown key does not open.
#include "tests/server/invoicing/billing_world.h"
#include "tests/support/printing.h"

#include <QTest>

using namespace billing;
using namespace billing::test;

class TestInvoiceRecords : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void opensOnlyWhatWasWritten();
};

void TestInvoiceRecords::opensOnlyWhatWasWritten()
{
    BillingWorld world;
    world.addTenant("nova");
    world.subscribe("nova", "lite", "2023-10-01");
    const Invoice invoice = world.draft("nova", "2023-10-01", "2023-11-01");
    const auto row = readValue(world.storage(), Scope::tenant(invoice.tenant), [&](Work& work) {
        return storage::findInvoice(work, invoice.tenant, invoice.id);
    });
    const storage::InvoiceRow stored = **row;
    storage::InvoiceRow moved = stored;
    moved.id = InvoiceId("inv_other");
    QCOMPARE(world.records.open(moved).error().code, ErrorCode::SealBroken);
    storage::InvoiceRow changed = stored;
    changed.sealedSnapshot.back() = static_cast<char>(changed.sealedSnapshot.back() ^ 1);
    QCOMPARE(world.records.open(changed).error().code, ErrorCode::SealBroken);
    storage::InvoiceRow otherKey = stored;
    otherKey.sealedSnapshot[4] = 9;
    QCOMPARE(world.records.open(otherKey).error().code, ErrorCode::UnknownKeyVersion);
    storage::InvoiceRow otherDigest = stored;
    otherDigest.snapshotSha256[0] = static_cast<char>(otherDigest.snapshotSha256[0] ^ 1);
    QCOMPARE(world.records.open(otherDigest).error().code, ErrorCode::StorageCorrupt);
    QVERIFY(stored.sealedSnapshot.find("Fjordlicht") == std::string::npos);
    QVERIFY(world.records.open(stored).value() == invoice);
}

QTEST_GUILESS_MAIN(TestInvoiceRecords)
#include "tst_invoice_records.moc"
