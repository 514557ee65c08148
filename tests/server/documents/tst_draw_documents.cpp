// Drawing what is finalised and has no document: each once; one that cannot be drawn is set aside with its
// reason and holds up nobody, however many they are; and a renderer that is broken is told from an invoice
// that is.
#include "tests/server/documents/paper_world.h"

#include "server/invoicing/draft_invoice.h"

#include <fstream>

using namespace billing;
using namespace billing::test;
using namespace std::chrono_literals;

class TestDrawDocuments : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void drawsEachOnce();
    void draftsAreNotDrawn();
    void drawsAtMostSoMany();
    void whatCannotBeDrawnHoldsUpNobody();
    void everyRefusalOfItsOwnIsSetAside_data();
    void everyRefusalOfItsOwnIsSetAside();
    void isTriedAgainOnItsSchedule();
    void isTriedAgainWhenSomebodyAsks();
    void newDocumentsGoFirst();
    void aMissingRendererBlamesNobody();
    void aSilentRendererBlamesNobody();
    void facesThatCannotBeLoadedBlameNobody();
    void aDocumentThatSilencesTheRendererIsSetAside();
    void aDocumentThatIsOnlySlowIsDrawn();
    void oneThatHangsLeavesTheThreadToOthers();
    void aStoreThatRefusesBlamesNobody_data();
    void aStoreThatRefusesBlamesNobody();
    void aDirectoryThatCannotBeWrittenBlamesNobody();
    void anotherServerMayHaveDrawnIt();
};

namespace {

const Error noGlyph{ErrorCode::MissingGlyph, "document", "no glyph for U+682A"};

using Texts = std::vector<std::string>;

} // namespace

void TestDrawDocuments::drawsEachOnce()
{
    PaperWorld world(2);
    QCOMPARE(world.drawn(), std::string("2 0"));
    QCOMPARE(world.documentOf(1), std::string("PDF of inv_00001"));
    QCOMPARE(world.documentOf(2), std::string("PDF of inv_00002"));
    QCOMPARE(world.drawn(), std::string("0 0"));
    QCOMPARE(world.renderer.asked, (Texts{"inv_00001", "inv_00002"}));
}

void TestDrawDocuments::draftsAreNotDrawn()
{
    PaperWorld world(1);
    world.rooms.addTenant("other");
    world.rooms.subscribe("other", "lite", "2026-08-01");
    const LocalDate start = LocalDate::parse("2026-08-01").value();
    QVERIFY(draftInvoice(world.rooms.invoicing, {TenantId("other"), start, start.plusMonths(1)}, "test"));
    QCOMPARE(world.drawn(), std::string("1 0"));
}

void TestDrawDocuments::drawsAtMostSoMany()
{
    PaperWorld world(3);
    QCOMPARE(world.drawn(2), std::string("2 0 more"));
    QCOMPARE(world.documentOf(3), std::string("document_not_ready")); // the oldest first
    QCOMPARE(world.drawn(2), std::string("1 0"));
}

void TestDrawDocuments::whatCannotBeDrawnHoldsUpNobody()
{
    PaperWorld world(551);
    for (int i = 1; i <= 550; ++i)
        world.renderer.refused.emplace(PaperWorld::name(i), noGlyph);
    QCOMPARE(world.drawn(), std::string("1 550"));
    QCOMPARE(world.documentOf(551), std::string("PDF of inv_00551"));
    QCOMPARE(world.documentOf(1), std::string("document_set_aside"));
    QCOMPARE(world.countAside(), 550);
    QCOMPARE(world.told.size(), std::size_t{550}); // a line each
    QCOMPARE(world.told.front(), std::string("inv_00001 missing_glyph 1"));

    // From then on they cost nothing until they are due: no try, no line.
    world.renderer.asked.clear();
    for (int second = 0; second < 59; ++second) {
        world.rooms.clock.advance(1s);
        QCOMPARE(world.drawn(), std::string("0 0"));
        QVERIFY(world.told.empty());
    }
    QVERIFY(world.renderer.asked.empty());
    world.add(1);
    QCOMPARE(world.drawn(), std::string("1 0"));
    world.rooms.clock.advance(1s); // a hundred a round, and the next round at once
    QCOMPARE(world.drawn(), std::string("0 100 more"));
}

void TestDrawDocuments::everyRefusalOfItsOwnIsSetAside_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<bool>("isOpened");
    for (const ErrorCode code :
         {ErrorCode::MissingGlyph, ErrorCode::UnknownTemplate, ErrorCode::AmountOverflow,
          ErrorCode::WrongType, ErrorCode::TooLong, ErrorCode::RenderFailed})
        QTest::addRow("renderer: %s", std::string(wireName(code)).c_str()) << static_cast<int>(code) << true;
    for (const ErrorCode code : {ErrorCode::SealBroken, ErrorCode::UnknownKeyVersion, ErrorCode::NotFound,
                                 ErrorCode::StorageCorrupt, ErrorCode::MalformedJson})
        QTest::addRow("snapshot: %s", std::string(wireName(code)).c_str()) << static_cast<int>(code) << false;
}

void TestDrawDocuments::everyRefusalOfItsOwnIsSetAside()
{
    QFETCH(int, code);
    QFETCH(bool, isOpened);
    PaperWorld world(2);
    const Error refusal{static_cast<ErrorCode>(code), "document", "detail"};
    (isOpened ? world.renderer.refused : world.unopened).emplace("inv_00001", refusal);
    QCOMPARE(world.drawn(), std::string("1 1"));
    QCOMPARE(world.told, Texts{"inv_00001 " + std::string(wireName(refusal.code)) + " 1"});
    const auto read = world.rooms.documents.read(world.acme, InvoiceId("inv_00001"));
    QCOMPARE(toText(read.error()), "document_set_aside: invoice_id (" + std::string(wireName(refusal.code)) +
                                       ", next try 2026-09-15T12:01:00Z)");
    QVERIFY(world.drawer.state() == RendererState::Works);
}

void TestDrawDocuments::isTriedAgainOnItsSchedule()
{
    PaperWorld world(1);
    world.renderer.refused.emplace("inv_00001", noGlyph);
    QCOMPARE(world.drawn(), std::string("0 1"));
    std::int64_t attempts = 1;
    for (const Duration wait : {Duration(1min), Duration(5min), Duration(30min), Duration(2h), Duration(6h),
                                Duration(24h), Duration(24h)}) {
        world.rooms.clock.advance(wait - 1s);
        QCOMPARE(world.drawn(), std::string("0 0"));
        world.rooms.clock.advance(1s);
        QCOMPARE(world.drawn(), std::string("0 1"));
        QCOMPARE(world.told, Texts{"inv_00001 missing_glyph " + std::to_string(++attempts)});
    }
    world.renderer.refused.clear(); // a font was added
    world.rooms.clock.advance(24h);
    QCOMPARE(world.drawn(), std::string("1 0"));
    QCOMPARE(world.documentOf(1), std::string("PDF of inv_00001"));
    QCOMPARE(world.countAside(), 0);
}

void TestDrawDocuments::isTriedAgainWhenSomebodyAsks()
{
    PaperWorld world(1);
    world.renderer.refused.emplace("inv_00001", noGlyph);
    QCOMPARE(world.drawn(), std::string("0 1"));
    world.renderer.refused.clear();
    QCOMPARE(world.drawn(), std::string("0 0"));
    QVERIFY(world.storage().write(Scope::tenant(world.acme), Priority::Money, anyWork(),
                                  [&](Work& work) -> Result<void> {
                                      const auto due = storage::retryNow(work, world.acme);
                                      return due ? Result<void>() : due.error();
                                  }));
    QCOMPARE(world.drawn(), std::string("1 0"));
}

void TestDrawDocuments::newDocumentsGoFirst()
{
    PaperWorld world(1);
    world.renderer.refused.emplace("inv_00001", noGlyph);
    QCOMPARE(world.drawn(), std::string("0 1"));
    world.rooms.clock.advance(1min);
    world.add(1);
    world.renderer.asked.clear();
    QCOMPARE(world.drawn(), std::string("1 1"));
    QCOMPARE(world.renderer.asked, (Texts{"inv_00002", "inv_00001"}));
}

void TestDrawDocuments::aMissingRendererBlamesNobody()
{
    PaperWorld world(200);
    world.renderer.isMissing = true;
    QCOMPARE(world.drawn(), std::string("file_unreadable"));
    QVERIFY(world.drawer.state() == RendererState::Missing);
    QCOMPARE(world.renderer.asked.size(), std::size_t{1});
    for (int second = 0; second < 59; ++second) {
        world.rooms.clock.advance(1s);
        QCOMPARE(world.drawn(), std::string("0 0"));
    }
    QCOMPARE(world.renderer.asked.size(), std::size_t{1});
    world.rooms.clock.advance(1s);
    QCOMPARE(world.drawn(), std::string("file_unreadable")); // a line a minute
    QCOMPARE(world.countAside(), 0);
    QCOMPARE(world.documentOf(1), std::string("document_not_ready"));
    world.renderer.isMissing = false;
    world.rooms.clock.advance(1min);
    QCOMPARE(world.drawn(200), std::string("200 0 more"));
    QVERIFY(world.drawer.state() == RendererState::Works);
}

void TestDrawDocuments::aSilentRendererBlamesNobody()
{
    PaperWorld world(3);
    world.renderer.isSilent = true;
    for (int minute = 0; minute < 5; ++minute) {
        QCOMPARE(world.drawn(), std::string("render_failed"));
        QVERIFY(world.drawer.state() == RendererState::Failing);
        QVERIFY(world.told.empty());
        world.rooms.clock.advance(1min);
    }
    QCOMPARE(world.countAside(), 0);
    world.renderer.isSilent = false;
    QCOMPARE(world.drawn(), std::string("3 0"));
    QVERIFY(world.drawer.state() == RendererState::Works);
}

void TestDrawDocuments::facesThatCannotBeLoadedBlameNobody()
{
    PaperWorld world(2);
    world.renderer.refused.emplace("inv_00001", Error{ErrorCode::RenderFailed, "fonts"});
    QCOMPARE(world.drawn(), std::string("render_failed"));
    QVERIFY(world.drawer.state() == RendererState::Failing);
    QCOMPARE(world.countAside(), 0);
}

void TestDrawDocuments::aDocumentThatSilencesTheRendererIsSetAside()
{
    PaperWorld world(3);
    world.renderer.silentAt = {"inv_00001"};
    std::string rounds;
    for (int second = 0; second < 80; ++second) {
        QVERIFY(world.draw());
        for (const std::string& line : world.told)
            rounds += line + "; ";
        world.rooms.clock.advance(1s);
    }
    QCOMPARE(rounds, std::string("inv_00001 render_failed 0; inv_00001 render_failed 0; "
                                 "inv_00001 render_failed 1; "));
    QCOMPARE(world.documentOf(1), std::string("document_set_aside"));
    QCOMPARE(world.documentOf(2), std::string("PDF of inv_00002"));
    QCOMPARE(world.documentOf(3), std::string("PDF of inv_00003"));
    QVERIFY(world.drawer.state() == RendererState::Works);
}

void TestDrawDocuments::aDocumentThatIsOnlySlowIsDrawn()
{
    PaperWorld world(1);
    world.renderer.silentAt = {"inv_00001"};
    QVERIFY(world.draw());
    world.renderer.silentAt.clear();
    world.rooms.clock.advance(10s);
    QCOMPARE(world.drawn(), std::string("1 0"));
    QCOMPARE(world.countAside(), 0);
}

void TestDrawDocuments::oneThatHangsLeavesTheThreadToOthers()
{
    PaperWorld world(3);
    world.renderer.silentAt = {"inv_00001", "inv_00002"};
    QCOMPARE(world.drawn(), std::string("0 1 more")); // twenty seconds went by
    QCOMPARE(world.drawn(), std::string("0 1 more"));
    QCOMPARE(world.drawn(), std::string("1 1 more")); // those that were silent come last
    QCOMPARE(world.documentOf(3), std::string("PDF of inv_00003"));
}

void TestDrawDocuments::aStoreThatRefusesBlamesNobody_data()
{
    QTest::addColumn<int>("code");
    for (const ErrorCode code :
         {ErrorCode::StorageBusy, ErrorCode::StorageUnavailable, ErrorCode::StorageFull})
        QTest::addRow("%s", std::string(wireName(code)).c_str()) << static_cast<int>(code);
}

void TestDrawDocuments::aStoreThatRefusesBlamesNobody()
{
    QFETCH(int, code);
    PaperWorld world(2);
    const Error refusal{static_cast<ErrorCode>(code)};
    world.unopened.emplace("inv_00001", refusal);
    QCOMPARE(world.drawn(), std::string(wireName(refusal.code)));
    QCOMPARE(world.countAside(), 0);
    world.unopened.clear();
    QCOMPARE(world.drawn(), std::string("2 0"));
}

void TestDrawDocuments::aDirectoryThatCannotBeWrittenBlamesNobody()
{
    PaperWorld world(2);
    const std::filesystem::path directory = world.rooms.directory.file("documents");
    std::ofstream(directory) << "a file where the directory should be";
    QCOMPARE(world.drawn(), std::string("file_unwritable"));
    QCOMPARE(world.drawn(), std::string("0 0")); // not every second
    QCOMPARE(world.countAside(), 0);
    std::filesystem::remove(directory);
    world.rooms.clock.advance(1min);
    QCOMPARE(world.drawn(), std::string("2 0"));
}

void TestDrawDocuments::anotherServerMayHaveDrawnIt()
{
    PaperWorld world(1);
    world.renderer.refused.emplace("inv_00001", noGlyph);
    QCOMPARE(world.drawn(), std::string("0 1"));
    // Of another version, say, whose faces have the character; the row is there again by a crossing.
    QVERIFY(world.rooms.documents.keep(world.acme, InvoiceId("inv_00001"), 1, "PDF of another"));
    QCOMPARE(world.countAside(), 0);
    world.rooms.store.tamper(
        "INSERT INTO set_aside VALUES ('acme', 'document', 'inv_00001', 'missing_glyph', "
        "'', '', 1, 0, 0, 0)");
    QCOMPARE(world.drawn(), std::string("0 1"));
    QCOMPARE(world.countAside(), 0);
    QCOMPARE(world.documentOf(1), std::string("PDF of another"));
}

QTEST_GUILESS_MAIN(TestDrawDocuments)
#include "tst_draw_documents.moc"
