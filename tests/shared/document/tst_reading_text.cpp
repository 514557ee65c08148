// What readers find in a PDF whose glyphs do not say it: lines drawn in a numbered colour get their text, the
// file stays one, and a file without such lines is not touched.

// Tests: reading_text.cpp
#include "shared/document/reading_text.h"

#include <QBuffer>
#include <QGuiApplication>
#include <QPainter>
#include <QPdfWriter>
#include <QTest>

#include <set>

using namespace billing;
using document::ReadingText;

namespace {

const QColor ink(0x16, 0x80, 0xFF);

/// A page with those lines below each other, drawn in their colours.
QByteArray pdfWith(const QStringList& lines)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    QPainter painter(&writer);
    for (int number = 0; number < lines.size(); ++number) {
        painter.setPen(ReadingText::colourFor(lines[number], ink));
        painter.drawText(QPointF(100, 1000 + 300 * number), QStringLiteral("glyphs"));
    }
    painter.end();
    return bytes;
}

} // namespace

class TestReadingText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void coloursDifferUnseen();
    void nobodyRecordsByDefault();
    void nothingToAddChangesNothing();
    void refusesOtherFiles();
    void theFileStaysWhole();
};

void TestReadingText::coloursDifferUnseen()
{
    const ReadingText recorder;
    std::set<QString> names;
    for (int line = 0; line < 40'000; ++line) {
        const QColor colour = ReadingText::colourFor(QString::number(line), ink);
        QVERIFY(std::abs(colour.red() - ink.red()) <= 1 && std::abs(colour.green() - ink.green()) <= 1 &&
                std::abs(colour.blue() - ink.blue()) <= 1);
        const QRgba64 exact = colour.rgba64();
        names.insert(QStringLiteral("%1 %2 %3").arg(exact.red()).arg(exact.green()).arg(exact.blue()));
    }
    QCOMPARE(names.size(), 40'000U);
    QCOMPARE(recorder.lines().size(), 40'000U);
}

void TestReadingText::nobodyRecordsByDefault()
{
    QCOMPARE(ReadingText::colourFor(QStringLiteral("x"), ink), ink);
    {
        const ReadingText outer;
        {
            const ReadingText inner;
            QVERIFY(ReadingText::colourFor(QStringLiteral("x"), ink) != ink);
            QCOMPARE(inner.lines().size(), 1U);
        }
        QVERIFY(outer.lines().empty());
        QVERIFY(ReadingText::colourFor(QStringLiteral("y"), ink) != ink);
        QCOMPARE(outer.lines().size(), 1U);
    }
    QCOMPARE(ReadingText::colourFor(QStringLiteral("x"), ink), ink);
}

void TestReadingText::nothingToAddChangesNothing()
{
    const QByteArray before = pdfWith({QStringLiteral("a")});
    QByteArray after = before;
    QVERIFY(document::addReadingText(after, {}));
    QCOMPARE(after, before);
}

void TestReadingText::refusesOtherFiles()
{
    for (const char* text : {"", "no PDF", "startxref\n3\n%%EOF\n", "xref\n0 9\nstartxref\n0\n%%EOF\n"}) {
        QByteArray pdf(text);
        QCOMPARE(document::addReadingText(pdf, {QStringLiteral("a")}).error().code, ErrorCode::RenderFailed);
        QCOMPARE(pdf, QByteArray(text));
    }
}

void TestReadingText::theFileStaysWhole()
{
    const ReadingText recorder;
    QByteArray pdf = pdfWith({QStringLiteral("क्षत्रिय"), QStringLiteral("🍺"), QString()});
    QVERIFY(document::addReadingText(pdf, recorder.lines()));
    // Every entry of the table leads to its object.
    const qsizetype table = pdf.mid(pdf.lastIndexOf("startxref\n") + 10).split('\n')[0].toLongLong();
    const QList<QByteArray> lines = pdf.mid(table).split('\n');
    QCOMPARE(lines[0], QByteArray("xref"));
    const int count = lines[1].mid(2).toInt();
    for (int number = 1; number < count; ++number) {
        const qsizetype at = lines[2 + number].left(10).toLongLong();
        QVERIFY(pdf.mid(at).startsWith(QByteArray::number(number) + " 0 obj"));
    }
    QByteArray again = pdf;
    QVERIFY(document::addReadingText(again, {}));
    QCOMPARE(again, pdf);
}

QTEST_MAIN(TestReadingText)
#include "tst_reading_text.moc"
