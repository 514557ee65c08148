// Drawn invoices: kept once, sealed, read back as they were or not at all.
#include "server/documents/document_store.h"

#include "server/secrets/sha256.h"
#include "server/storage/audit_entries.h"
#include "tests/server/documents/finalised_invoices.h"

#include <fstream>

using namespace billing;

class TestDocumentStore : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusesWhatIsNotDrawn();
    void comesBackByteForByte();
    void liesSealedAndPrivate();
    void refusesAnyChangedFile();
    void refusesAMissingOrExchangedFile();
    void keepsTheFirst();
    void notesTheDigestOnce();
    void anUnwritableDirectoryKeepsNothing();
};

namespace {

const std::string pdf = std::string("%PDF-1.4\n\0\xFF", 11) + std::string(5'000, 'x');

std::vector<std::filesystem::path> filesBelow(const std::filesystem::path& directory)
{
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(directory))
        if (entry.is_regular_file())
            files.push_back(entry.path());
    return files;
}

std::string contentOf(const std::filesystem::path& file)
{
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void overwrite(const std::filesystem::path& file, const std::string& content)
{
    std::ofstream(file, std::ios::binary) << content;
}

struct Shelf : test::FinalisedInvoices
{
    const DocumentStore& documents = rooms.documents;
    std::filesystem::path directory = rooms.directory.file("documents");
};

} // namespace

void TestDocumentStore::refusesWhatIsNotDrawn()
{
    Shelf shelf;
    QCOMPARE(shelf.documents.read(shelf.acme, shelf.july).error().code, ErrorCode::DocumentNotReady);
    QVERIFY(shelf.documents.keep(shelf.acme, shelf.july, 1, pdf));
    QCOMPARE(shelf.documents.read(shelf.acme, shelf.august).error().code, ErrorCode::DocumentNotReady);
    QCOMPARE(shelf.documents.read(TenantId("other"), shelf.july).error().code, ErrorCode::DocumentNotReady);
}

void TestDocumentStore::comesBackByteForByte()
{
    Shelf shelf;
    QVERIFY(shelf.documents.keep(shelf.acme, shelf.july, 1, pdf));
    QVERIFY(shelf.documents.keep(shelf.acme, shelf.august, 1, "%PDF-1.4 another"));
    QVERIFY(shelf.documents.read(shelf.acme, shelf.july).value() == pdf);
    QCOMPARE(shelf.documents.read(shelf.acme, shelf.august).value(), std::string("%PDF-1.4 another"));
}

void TestDocumentStore::liesSealedAndPrivate()
{
    Shelf shelf;
    QVERIFY(shelf.documents.keep(shelf.acme, shelf.july, 1, pdf));
    const auto files = filesBelow(shelf.directory);
    QCOMPARE(files.size(), std::size_t{1});
    QVERIFY(contentOf(files[0]).find("PDF") == std::string::npos);
    using std::filesystem::perms;
    QVERIFY((std::filesystem::status(files[0]).permissions() & (perms::group_all | perms::others_all)) ==
            perms::none);
}

void TestDocumentStore::refusesAnyChangedFile()
{
    Shelf shelf;
    QVERIFY(shelf.documents.keep(shelf.acme, shelf.july, 1, "%PDF-1.4"));
    const auto file = filesBelow(shelf.directory).front();
    const std::string good = contentOf(file);
    for (std::size_t at = 0; at < good.size(); ++at) {
        std::string bent = good;
        bent[at] = static_cast<char>(bent[at] ^ 1);
        overwrite(file, bent);
        const auto read = shelf.documents.read(shelf.acme, shelf.july);
        QVERIFY(!read);
        const bool inKeyVersion = at >= 1 && at <= 4;
        QCOMPARE(read.error().code, inKeyVersion ? ErrorCode::UnknownKeyVersion : ErrorCode::SealBroken);
    }
    overwrite(file, good.substr(0, good.size() - 1));
    QCOMPARE(shelf.documents.read(shelf.acme, shelf.july).error().code, ErrorCode::SealBroken);
    overwrite(file, good);
    QVERIFY(shelf.documents.read(shelf.acme, shelf.july));
}

void TestDocumentStore::refusesAMissingOrExchangedFile()
{
    Shelf shelf;
    QVERIFY(shelf.documents.keep(shelf.acme, shelf.july, 1, pdf));
    const auto julys = filesBelow(shelf.directory).front();
    QVERIFY(shelf.documents.keep(shelf.acme, shelf.august, 1, pdf)); // the same bytes, another invoice
    const auto files = filesBelow(shelf.directory);
    QCOMPARE(files.size(), std::size_t{2});
    overwrite(julys, contentOf(files[0] == julys ? files[1] : files[0]));
    QCOMPARE(shelf.documents.read(shelf.acme, shelf.july).error().code, ErrorCode::SealBroken);
    std::filesystem::remove(julys);
    QCOMPARE(shelf.documents.read(shelf.acme, shelf.july).error().code, ErrorCode::FileUnreadable);
    QVERIFY(shelf.documents.read(shelf.acme, shelf.august));
}

void TestDocumentStore::keepsTheFirst()
{
    Shelf shelf;
    QVERIFY(shelf.documents.keep(shelf.acme, shelf.july, 1, "the first"));
    QVERIFY(shelf.documents.keep(shelf.acme, shelf.july, 1, "the first"));
    QVERIFY(shelf.documents.keep(shelf.acme, shelf.july, 2, "a second"));
    QCOMPARE(shelf.documents.read(shelf.acme, shelf.july).value(), std::string("the first"));
}

void TestDocumentStore::notesTheDigestOnce()
{
    Shelf shelf;
    QVERIFY(shelf.documents.keep(shelf.acme, shelf.july, 1, pdf));
    QVERIFY(shelf.documents.keep(shelf.acme, shelf.july, 1, pdf));
    const auto entries = readValue(shelf.rooms.store.storage(), Scope::tenant(shelf.acme), [&](Work& work) {
                             return storage::auditEntries(work, shelf.acme.text(), 0, 100);
                         }).value();
    std::vector<std::string> notes;
    for (const storage::AuditRow& entry : entries)
        if (entry.action == "render")
            notes.push_back(entry.object + " " + entry.body);
    QCOMPARE(notes, (std::vector<std::string>{"invoice:" + shelf.july.text() + R"( {"pdf_sha256":")" +
                                              secrets::toHex(secrets::sha256(pdf)) + R"("})"}));
}

void TestDocumentStore::anUnwritableDirectoryKeepsNothing()
{
    Shelf shelf;
    overwrite(shelf.directory, "a file where the directory should be");
    const auto kept = shelf.documents.keep(shelf.acme, shelf.july, 1, pdf);
    QCOMPARE(kept.error().code, ErrorCode::FileUnwritable);
    QCOMPARE(shelf.documents.read(shelf.acme, shelf.july).error().code, ErrorCode::DocumentNotReady);
}

QTEST_GUILESS_MAIN(TestDocumentStore)
#include "tst_document_store.moc"
