// Which invoices wait for their document: what is drawn or set aside is not looked at again, what is held
// back stays in front, and numbers given later are found.
#include "tests/server/documents/paper_world.h"

using namespace billing;
using namespace billing::test;

class TestUndrawnDocuments : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsWhatWaits();
    void goesOnWhereAllIsDone();
    void whatWasForgottenIsFoundAfterARestart();
};

namespace {

std::string found(PaperWorld& world, UndrawnDocuments& undrawn, std::int64_t limit = 10)
{
    std::string text;
    const auto waiting = undrawn.find(world.storage(), limit);
    for (const storage::InvoiceKey& key : waiting.value().invoices)
        text += key.invoice.text().substr(8) + " ";
    return text + (waiting->more ? "more" : "");
}

void keep(PaperWorld& world, int number)
{
    QVERIFY(world.rooms.documents.keep(world.acme, InvoiceId(PaperWorld::name(number)), 1, "PDF"));
}

} // namespace

void TestUndrawnDocuments::findsWhatWaits()
{
    PaperWorld world(5);
    UndrawnDocuments undrawn;
    QCOMPARE(found(world, undrawn), std::string("1 2 3 4 5 "));
    QCOMPARE(found(world, undrawn, 2), std::string("1 2 "));
    keep(world, 1);
    keep(world, 3);
    QCOMPARE(found(world, undrawn), std::string("2 4 5 "));
    keep(world, 2);
    QCOMPARE(found(world, undrawn), std::string("4 5 "));
}

void TestUndrawnDocuments::goesOnWhereAllIsDone()
{
    PaperWorld world(2);
    UndrawnDocuments undrawn;
    keep(world, 1);
    keep(world, 2);
    QCOMPARE(found(world, undrawn), std::string());
    world.add(2);
    QCOMPARE(found(world, undrawn), std::string("3 4 "));
    world.add(1);
    QCOMPARE(found(world, undrawn), std::string("3 4 5 "));
}

void TestUndrawnDocuments::whatWasForgottenIsFoundAfterARestart()
{
    PaperWorld world(2);
    UndrawnDocuments undrawn;
    keep(world, 1);
    keep(world, 2);
    QCOMPARE(found(world, undrawn), std::string());
    world.rooms.store.tamper("DELETE FROM invoice_document WHERE invoice_id = 'inv_00001'");
    QCOMPARE(found(world, undrawn), std::string()); // below the mark
    UndrawnDocuments again;
    QCOMPARE(found(world, again), std::string("1 "));
}

QTEST_GUILESS_MAIN(TestUndrawnDocuments)
#include "tst_undrawn_documents.moc"
