// Drawing what is finalised and has no document: each once, and an invoice that cannot be drawn is reported
// and does not hold up the others. The child is a script that answers with the snapshot it was given.
#include "server/documents/draw_documents.h"

#include "tests/server/documents/finalised_invoices.h"

#include <fstream>

using namespace billing;

class TestDrawDocuments : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void drawsEachOnce();
    void draftsAreNotDrawn();
    void passesOverWhatCannotBeOpened();
    void passesOverWhatCannotBeDrawn();
    void drawsAtMostSoMany();
    void whatCannotBeDrawnHoldsUpNobody();
};

namespace {

/// Refuses a snapshot that says "undrawable" as the real child does, else answers "PDF of " and the snapshot.
constexpr const char* script = R"(#!/usr/bin/env python3
import struct, sys
while head := sys.stdin.buffer.read(4):
    body = sys.stdin.buffer.read(struct.unpack(">I", head)[0])
    status, answer = 0, b"PDF of " + body
    if b"undrawable" in body:
        status, answer = 1, b'{"code":"missing_glyph","subject":"document","detail":"no glyph"}'
    sys.stdout.buffer.write(struct.pack(">BI", status, len(answer)) + answer)
    sys.stdout.buffer.flush()
)";

struct Studio : test::FinalisedInvoices
{
    Studio()
    {
        std::ofstream(program) << script;
        std::filesystem::permissions(program, std::filesystem::perms::owner_all);
        renderer.emplace(program);
    }
    std::int64_t draw(std::int64_t limit = 10)
    {
        DocumentDrawer drawer(rooms.store.storage(), rooms.documents, *renderer,
                              [this](const TenantId&, const InvoiceId& invoice) -> Result<std::string> {
                                  if (invoice == unopened)
                                      return Error{ErrorCode::SealBroken};
                                  return invoice == undrawable ? "undrawable" : invoice.text();
                              });
        failures.clear();
        return drawer
            .drawSome(limit,
                      [this](const InvoiceId& invoice, const Error& error) {
                          failures.push_back(invoice.text() + " " + std::string(wireName(error.code)));
                      })
            .value();
    }
    std::string documentOf(const InvoiceId& invoice)
    {
        const auto read = rooms.documents.read(acme, invoice);
        return read ? *read : std::string(wireName(read.error().code));
    }

    std::filesystem::path program = rooms.directory.file("child");
    std::optional<documents::RenderProcess> renderer;
    std::vector<std::string> failures;
    InvoiceId unopened{""};
    InvoiceId undrawable{""};
};

using Texts = std::vector<std::string>;

} // namespace

void TestDrawDocuments::drawsEachOnce()
{
    Studio studio;
    QCOMPARE(studio.draw(), 2);
    QCOMPARE(studio.documentOf(studio.july), "PDF of " + studio.july.text());
    QCOMPARE(studio.documentOf(studio.august), "PDF of " + studio.august.text());
    QCOMPARE(studio.draw(), 0);
    QCOMPARE(studio.failures, Texts());
}

void TestDrawDocuments::draftsAreNotDrawn()
{
    Studio studio;
    studio.rooms.addTenant("other");
    studio.rooms.subscribe("other", "lite", "2026-08-01");
    const LocalDate start = LocalDate::parse("2026-08-01").value();
    QVERIFY(draftInvoice(studio.rooms.invoicing, {TenantId("other"), start, start.plusMonths(1)}, "test"));
    QCOMPARE(studio.draw(), 2);
}

void TestDrawDocuments::passesOverWhatCannotBeOpened()
{
    Studio studio;
    studio.unopened = studio.july;
    QCOMPARE(studio.draw(), 1);
    QCOMPARE(studio.failures, Texts{studio.july.text() + " seal_broken"});
    QCOMPARE(studio.documentOf(studio.july), std::string("document_not_ready"));
    QCOMPARE(studio.documentOf(studio.august), "PDF of " + studio.august.text());
}

void TestDrawDocuments::passesOverWhatCannotBeDrawn()
{
    Studio studio;
    studio.undrawable = studio.july;
    QCOMPARE(studio.draw(), 1);
    QCOMPARE(studio.failures, Texts{studio.july.text() + " missing_glyph"});
    QCOMPARE(studio.documentOf(studio.august), "PDF of " + studio.august.text());
    studio.undrawable = InvoiceId(""); // a font was added
    QCOMPARE(studio.draw(), 1);
    QCOMPARE(studio.documentOf(studio.july), "PDF of " + studio.july.text());
}

void TestDrawDocuments::drawsAtMostSoMany()
{
    Studio studio;
    QCOMPARE(studio.draw(1), 1);
    QCOMPARE(studio.documentOf(studio.july), "PDF of " + studio.july.text()); // the oldest first
    QCOMPARE(studio.documentOf(studio.august), std::string("document_not_ready"));
    QCOMPARE(studio.draw(1), 1);
    QCOMPARE(studio.draw(1), 0);
}

void TestDrawDocuments::whatCannotBeDrawnHoldsUpNobody()
{
    Studio studio;
    studio.undrawable = studio.july; // the oldest, and only one is asked for
    QCOMPARE(studio.draw(1), 1);
    QCOMPARE(studio.documentOf(studio.august), "PDF of " + studio.august.text());
    QCOMPARE(studio.failures, Texts{studio.july.text() + " missing_glyph"});
}

QTEST_GUILESS_MAIN(TestDrawDocuments)
#include "tst_draw_documents.moc"
