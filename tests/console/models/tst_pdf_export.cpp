// Two hundred stored PDFs into a folder: four at a time, one that fails, a cancel in the middle, a second
// run; and never half a file.
#include "console/models/pdf_export.h"
#include "tests/console/models/fake_api.h"
#include "tests/shared/client/background.h"
#include "tests/support/inline_executor.h"
#include "tests/support/printing.h"

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>

using namespace billing;
using namespace billing::console;
using namespace billing::test;

namespace {

std::vector<ExportItem> items(int count)
{
    std::vector<ExportItem> all;
    for (int i = 0; i < count; ++i)
        all.push_back({summaryOf(i).id, QStringLiteral("EB-%1").arg(i)});
    return all;
}

/// Every file in the folder, hidden ones too, whole and of its invoice.
bool holdsWholeFiles(const QString& folder, int count)
{
    const QStringList names = QDir(folder).entryList(QDir::Files | QDir::Hidden);
    for (const QString& name : names) {
        QFile file(QDir(folder).filePath(name));
        const int number = name.mid(3).section(QLatin1Char('.'), 0, 0).toInt();
        if (!file.open(QIODevice::ReadOnly) ||
            file.readAll() != "%PDF-1.7 " + QByteArray::fromStdString(summaryOf(number).id.text()))
            return false;
    }
    return names.size() == count;
}

} // namespace

class TestPdfExport : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void exportsTwoHundredTwice();
    void oneFailureStopsNobody();
    void cancelsInTheMiddle();
    void cancelGivesUpTheCalls();
    void cancelLetsTheDiskFinish();
    void nothingToDo();
    void signedOut();
    void folderGone();
    void goesAwayInTheMiddle();
};

void TestPdfExport::exportsTwoHundredTwice()
{
    const QTemporaryDir folder;
    Background disk;
    FakeApi api;
    PdfExport pdfExport(disk);
    const QSignalSpy progress(&pdfExport, &PdfExport::progressChanged);
    pdfExport.start(&api, folder.path(), items(200));
    QCOMPARE(pdfExport.state(), PdfExport::State::Running);
    QTRY_COMPARE_WITH_TIMEOUT(pdfExport.state(), PdfExport::State::Finished, 20'000);
    QCOMPARE(pdfExport.progress().written, 200);
    QCOMPARE(pdfExport.progress().done, 200);
    QVERIFY(pdfExport.progress().failures.empty());
    QVERIFY(progress.count() >= 200);
    QCOMPARE(api.mostOpenPdfs, PdfExport::inFlight);
    QVERIFY(holdsWholeFiles(folder.path(), 200));

    pdfExport.start(&api, folder.path(), items(200));
    QTRY_COMPARE_WITH_TIMEOUT(pdfExport.state(), PdfExport::State::Finished, 20'000);
    QCOMPARE(pdfExport.progress().written, 0);
    QCOMPARE(pdfExport.progress().alreadyThere, 200);
    QVERIFY(holdsWholeFiles(folder.path(), 200));
}

void TestPdfExport::oneFailureStopsNobody()
{
    const QTemporaryDir folder;
    Background disk;
    FakeApi api;
    api.refusedPdfs.emplace(summaryOf(17).id.text(), Error{ErrorCode::DocumentNotReady});
    PdfExport pdfExport(disk);
    pdfExport.start(&api, folder.path(), items(50));
    QTRY_COMPARE_WITH_TIMEOUT(pdfExport.state(), PdfExport::State::Finished, 20'000);
    QCOMPARE(pdfExport.progress().written, 49);
    QCOMPARE(pdfExport.progress().done, 50);
    QCOMPARE(pdfExport.progress().failures.size(), std::size_t(1));
    QCOMPARE(pdfExport.progress().failures.front().name, QStringLiteral("EB-17"));
    QCOMPARE(pdfExport.progress().failures.front().error.code, ErrorCode::DocumentNotReady);
    QVERIFY(holdsWholeFiles(folder.path(), 49));
}

void TestPdfExport::cancelsInTheMiddle()
{
    const QTemporaryDir folder;
    Background disk;
    FakeApi api;
    PdfExport pdfExport(disk);
    connect(&pdfExport, &PdfExport::progressChanged, this, [&] {
        if (pdfExport.progress().done >= 80)
            pdfExport.cancel();
    });
    pdfExport.start(&api, folder.path(), items(200));
    QTRY_COMPARE_WITH_TIMEOUT(pdfExport.state(), PdfExport::State::Cancelled, 20'000);
    const int written = pdfExport.progress().written;
    QVERIFY2(written >= 80 && written < 80 + 2 * PdfExport::inFlight, qPrintable(QString::number(written)));
    QCOMPARE(pdfExport.progress().done, written);
    QVERIFY(holdsWholeFiles(folder.path(), written));
    const int calls = api.calls;
    QCoreApplication::processEvents();
    QCOMPARE(api.calls, calls);
    QVERIFY(holdsWholeFiles(folder.path(), written));
}

void TestPdfExport::cancelGivesUpTheCalls()
{
    const QTemporaryDir folder;
    Background disk;
    FakeApi api;
    api.holds = true;
    PdfExport pdfExport(disk);
    pdfExport.start(&api, folder.path(), items(10));
    QCOMPARE(api.held(), PdfExport::inFlight);
    pdfExport.cancel();
    QCOMPARE(pdfExport.state(), PdfExport::State::Cancelled); // at once: nothing is being written
    QCOMPARE(api.held(), 0);
    QCOMPARE(pdfExport.progress().done, 0);
    QVERIFY(holdsWholeFiles(folder.path(), 0));
}

void TestPdfExport::cancelLetsTheDiskFinish()
{
    const QTemporaryDir folder;
    ManualClock clock("2026-01-01T00:00:00Z");
    InlineExecutor disk(clock);
    FakeApi api;
    PdfExport pdfExport(disk);
    pdfExport.start(&api, folder.path(), items(10));
    QTRY_COMPARE(disk.pending(), std::size_t(PdfExport::inFlight));
    pdfExport.cancel();
    QCOMPARE(pdfExport.state(), PdfExport::State::Cancelling);
    disk.runUntilIdle();
    QTRY_COMPARE(pdfExport.state(), PdfExport::State::Cancelled);
    QCOMPARE(pdfExport.progress().written, PdfExport::inFlight);
    QVERIFY(holdsWholeFiles(folder.path(), PdfExport::inFlight));
    pdfExport.start(&api, folder.path(), items(2)); // and can be used again
    QTRY_COMPARE(disk.pending(), std::size_t(2));
    disk.runUntilIdle();
    QTRY_COMPARE(pdfExport.state(), PdfExport::State::Finished);
}

void TestPdfExport::nothingToDo()
{
    Background disk;
    FakeApi api;
    PdfExport pdfExport(disk);
    pdfExport.start(&api, QDir::tempPath(), {});
    QCOMPARE(pdfExport.state(), PdfExport::State::Finished);
    pdfExport.cancel();
    QCOMPARE(pdfExport.state(), PdfExport::State::Finished);
}

void TestPdfExport::signedOut()
{
    const QTemporaryDir folder;
    Background disk;
    PdfExport pdfExport(disk);
    pdfExport.start(nullptr, folder.path(), items(10));
    QCOMPARE(pdfExport.state(), PdfExport::State::Finished);
    QCOMPARE(pdfExport.progress().failures.size(), std::size_t(10));
    QVERIFY(holdsWholeFiles(folder.path(), 0));
}

void TestPdfExport::folderGone()
{
    const QTemporaryDir folder;
    Background disk;
    FakeApi api;
    PdfExport pdfExport(disk);
    pdfExport.start(&api, folder.filePath(QStringLiteral("gone")), items(5));
    QTRY_COMPARE_WITH_TIMEOUT(pdfExport.state(), PdfExport::State::Finished, 20'000);
    QCOMPARE(pdfExport.progress().failures.size(), std::size_t(5));
    QCOMPARE(pdfExport.progress().failures.front().error.code, ErrorCode::FileUnwritable);
}

void TestPdfExport::goesAwayInTheMiddle()
{
    const QTemporaryDir folder;
    ManualClock clock("2026-01-01T00:00:00Z");
    InlineExecutor disk(clock);
    FakeApi api;
    auto pdfExport = std::make_unique<PdfExport>(disk);
    pdfExport->start(&api, folder.path(), items(10));
    QTRY_COMPARE(disk.pending(), std::size_t(PdfExport::inFlight));
    pdfExport.reset();
    disk.runUntilIdle(); // writes what it was given, and nobody is told
    QCoreApplication::processEvents();
    QVERIFY(holdsWholeFiles(folder.path(), PdfExport::inFlight));
}

QTEST_GUILESS_MAIN(TestPdfExport)
#include "tst_pdf_export.moc"
