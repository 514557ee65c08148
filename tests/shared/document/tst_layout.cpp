// Where blocks lie: nothing leaves the page or overlaps, nothing is cut, rows stay whole and in order, the
// head is on each page of the table with the sum so far, and totals never stand without a row. Also over
// generated invoices.

// Tests: block.cpp invoice_blocks.cpp invoice_layout.cpp letterhead.cpp measured_text.cpp tier_badge.cpp
#include "shared/document/figures.h"
#include "shared/document/invoice_layout.h"
#include "shared/document/tier_badge.h"
#include "tests/shared/document/layout_faults.h"
#include "tests/shared/document/world_invoices.h"

#include <QGuiApplication>
#include <QTest>

#include <set>

using namespace billing;
using document::Block;
using document::BlockKind;
using document::Layout;
using test::count;
using test::faultOf;
using test::textsOf;

namespace {

/// The texts of the left column, then those of the others, without what only turns pages.
QString flowOf(const Layout& layout)
{
    QString left, others;
    for (const document::Page& page : layout.pages)
        for (const document::PlacedBlock& placed : page)
            for (const document::Item& item : placed.block->items)
                if (const auto* text = std::get_if<document::Text>(&item);
                    text && placed.block->kind != BlockKind::Footer &&
                    placed.block->kind != BlockKind::RunningHead &&
                    placed.block->kind != BlockKind::TableHead)
                    (text->box.left() < 1 ? left : others) += text->text.text() + QLatin1Char(' ');
    return QString(left + others).replace(QChar(QChar::LineSeparator), QLatin1Char(' '));
}

/// The blocks of that kind in reading order.
std::vector<const Block*> blocksOf(const Layout& layout, BlockKind kind)
{
    std::vector<const Block*> blocks;
    for (const document::Page& page : layout.pages)
        for (const document::PlacedBlock& placed : page)
            if (placed.block->kind == kind)
                blocks.push_back(placed.block.get());
    return blocks;
}

} // namespace

class TestLayout : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusesUnknownTemplates();
    void tallOnesAreCutAndComplete();
    void totalsFollowALowRow_data();
    void totalsFollowALowRow();
    void samplesHaveNoFault_data();
    void samplesHaveNoFault();
    void generatedOnesHaveNoFault();
    void rowsAreCompleteAndInOrder();
    void sumsAreCarriedFromPageToPage();
    void totalsStandWithARowAtEveryLength();
    void figuresOfTheTotalsNeverBreak_data();
    void figuresOfTheTotalsNeverBreak();
    void paperFollowsTheBuyer();
    void marks();
    void longDescriptionsContinue();
    void emptyInvoiceSaysSo();
    void tiersDifferByShape();
    void textBreaksInsideLongWords();
};

void TestLayout::refusesUnknownTemplates()
{
    Invoice invoice = test::liteInvoice();
    invoice.templateVersion = 2;
    QCOMPARE(document::layOutInvoice(invoice).error().code, ErrorCode::UnknownTemplate);
}

void TestLayout::tallOnesAreCutAndComplete()
{
    const Invoice invoice = test::tallInvoice();
    const auto layout = document::layOutInvoice(invoice);
    QVERIFY(layout);
    QCOMPARE(faultOf(*layout), QString());
    const QString all = flowOf(*layout);
    for (int number = 1; number <= 300; ++number)
        QVERIFY2(all.contains(QStringLiteral("line %1 ").arg(number)), std::to_string(number).c_str());
    for (const char* word : {"VAT 2", "VAT 50", "d1001", "d3000", "n1001", "n3000"})
        QVERIFY2(all.contains(QLatin1String(word)), word);
    const QString dense = QString(all).remove(QLatin1Char(' '));
    for (int number = 1; number <= 8; ++number)
        QVERIFY(dense.contains(QString::number(number) + QString(249, QLatin1Char('W'))));
    QVERIFY(dense.contains(QString(1000, QLatin1Char('x'))));
    QVERIFY(dense.contains(QStringLiteral("123.456.789.012.345.678,123456789012")));
}

void TestLayout::totalsFollowALowRow_data()
{
    QTest::addColumn<int>("addressLines");
    for (int lines = 0; lines <= 40; ++lines)
        QTest::addRow("%d", lines) << lines;
}

// The letterhead grows until the only row, then the totals, no longer fit below it.
void TestLayout::totalsFollowALowRow()
{
    QFETCH(int, addressLines);
    Invoice invoice = test::invoiceWithLines(1);
    for (int number = 0; number < addressLines; ++number)
        invoice.buyer.address.line2 += "\nline";
    QCOMPARE(faultOf(*document::layOutInvoice(invoice)), QString());
}

void TestLayout::samplesHaveNoFault_data()
{
    QTest::addColumn<int>("index");
    const auto named = test::namedInvoices();
    for (std::size_t index = 0; index < named.size(); ++index)
        QTest::newRow(named[index].name.c_str()) << static_cast<int>(index);
}

void TestLayout::samplesHaveNoFault()
{
    QFETCH(int, index);
    const auto layout =
        document::layOutInvoice(test::namedInvoices()[static_cast<std::size_t>(index)].invoice);
    QVERIFY2(layout, layout ? "" : toText(layout.error()).c_str());
    QCOMPARE(faultOf(*layout), QString());
}

void TestLayout::generatedOnesHaveNoFault()
{
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        const Invoice invoice = test::generatedInvoice(seed);
        const auto layout = document::layOutInvoice(invoice);
        QVERIFY2(layout, std::to_string(seed).c_str());
        const QString fault = faultOf(*layout);
        QVERIFY2(fault.isEmpty(), qPrintable(QStringLiteral("seed %1: %2").arg(seed).arg(fault)));
        QCOMPARE(blocksOf(*layout, BlockKind::Row).size(), std::max<std::size_t>(invoice.lines.size(), 1));
        QCOMPARE(blocksOf(*layout, BlockKind::Totals).size(), 1U);
    }
}

void TestLayout::rowsAreCompleteAndInOrder()
{
    const Invoice invoice = test::invoiceWithLines(300);
    const auto layout = document::layOutInvoice(invoice);
    const auto rows = blocksOf(*layout, BlockKind::Row);
    QCOMPARE(rows.size(), 300U);
    for (std::size_t index = 0; index < rows.size(); ++index)
        QVERIFY(textsOf(*rows[index]).startsWith(document::fromUtf8(invoice.lines[index].rated.description)));
    QVERIFY(layout->pages.size() > 10);
    QVERIFY(textsOf(*layout->pages[1].back().block)
                .contains(QStringLiteral("EB-2023-000017 · page 2 of %1").arg(layout->pages.size())));
}

void TestLayout::sumsAreCarriedFromPageToPage()
{
    const auto layout = document::layOutInvoice(test::invoiceWithLines(47));
    const auto carried = blocksOf(*layout, BlockKind::CarriedForward);
    const auto brought = blocksOf(*layout, BlockKind::BroughtForward);
    QVERIFY(carried.size() >= 2);
    QCOMPARE(carried.size(), brought.size());
    std::int64_t cents = 0;
    std::size_t pageNumber = 0;
    std::size_t line = 0;
    const Invoice invoice = test::invoiceWithLines(47);
    for (const Block* block : carried) {
        for (int rows = count(layout->pages[pageNumber++], BlockKind::Row); rows > 0; --rows)
            cents += invoice.lines[line++].rated.amount.minorUnits();
        const QString sum =
            QStringLiteral("$%1.%2").arg(cents / 100).arg(cents % 100, 2, 10, QLatin1Char('0'));
        QCOMPARE(textsOf(*block), QStringLiteral("Carried forward\n%1\n").arg(sum));
        QCOMPARE(textsOf(*brought[pageNumber - 1]), QStringLiteral("Brought forward\n%1\n").arg(sum));
    }
}

void TestLayout::totalsStandWithARowAtEveryLength()
{
    for (int lines = 1; lines <= 45; ++lines) {
        const auto layout = document::layOutInvoice(test::invoiceWithLines(lines));
        QVERIFY2(faultOf(*layout).isEmpty(),
                 qPrintable(QStringLiteral("%1 lines: %2").arg(lines).arg(faultOf(*layout))));
    }
}

void TestLayout::figuresOfTheTotalsNeverBreak_data()
{
    QTest::addColumn<qint64>("minorUnits");
    QTest::newRow("beside the totals") << qint64{1234};
    QTest::newRow("below them") << qint64{574'074'069'067'061};
    QTest::newRow("the largest there is") << qint64{7'000'000'000'000'000'000};
}

void TestLayout::figuresOfTheTotalsNeverBreak()
{
    QFETCH(qint64, minorUnits);
    Invoice invoice = test::germanInvoice();
    const Currency euro = invoice.currency;
    invoice.net = invoice.taxes.front().base = Money::fromMinor(minorUnits, euro);
    invoice.tax = invoice.taxes.front().tax = Money::fromMinor(minorUnits / 5, euro);
    invoice.total = *invoice.net.plus(invoice.tax);
    const auto layout = document::layOutInvoice(invoice);
    QVERIFY(layout);
    QCOMPARE(faultOf(*layout), QString());
    for (const document::Item& item : blocksOf(*layout, BlockKind::Totals).front()->items)
        if (const auto* text = std::get_if<document::Text>(&item))
            QVERIFY2(text->text.lineCount() == 1, qPrintable(text->text.text()));
}

void TestLayout::paperFollowsTheBuyer()
{
    QCOMPARE(document::layOutInvoice(test::liteInvoice())->paper, QSizeF(6120, 7920));
    QCOMPARE(document::layOutInvoice(test::germanInvoice())->paper, QSizeF(5953, 8419));
}

void TestLayout::marks()
{
    QCOMPARE(document::layOutInvoice(test::draftInvoice())->mark, QStringLiteral("DRAFT"));
    QCOMPARE(document::layOutInvoice(test::voidInvoice())->mark, QStringLiteral("VOID"));
    QCOMPARE(document::layOutInvoice(test::liteInvoice())->mark, QString());
    QCOMPARE(blocksOf(*document::layOutInvoice(test::voidInvoice()), BlockKind::Payment).size(), 0U);
}

void TestLayout::longDescriptionsContinue()
{
    Invoice invoice = test::liteInvoice();
    for (int word = 0; word < 3000; ++word)
        invoice.lines[1].rated.description += " w" + std::to_string(word);
    const auto layout = document::layOutInvoice(invoice);
    QCOMPARE(faultOf(*layout), QString());
    QString words;
    for (const BlockKind kind : {BlockKind::Row, BlockKind::RowContinued})
        for (const Block* block : blocksOf(*layout, kind))
            words += textsOf(*block).replace(QLatin1Char('\n'), QLatin1Char(' '));
    for (int word = 0; word < 3000; ++word)
        QVERIFY2(words.contains(QStringLiteral(" w%1 ").arg(word)) ||
                     words.contains(QStringLiteral("w%1 ").arg(word)),
                 std::to_string(word).c_str());
}

void TestLayout::emptyInvoiceSaysSo()
{
    Invoice invoice = test::liteInvoice();
    invoice.lines.clear();
    test::sumUp(invoice);
    const auto layout = document::layOutInvoice(invoice);
    QCOMPARE(textsOf(*blocksOf(*layout, BlockKind::Row).at(0)),
             QStringLiteral("No charges in this period\n"));
    QCOMPARE(blocksOf(*layout, BlockKind::Payment).size(), 0U);
}

void TestLayout::tiersDifferByShape()
{
    std::set<std::pair<qsizetype, qreal>> shapes;
    std::set<QRgb> colours;
    for (const Tier tier : {Tier::Zero, Tier::Shared, Tier::Lite, Tier::Enterprise, Tier::AirGapped}) {
        const QPolygonF shape = document::tierShape(tier, QRectF(0, 0, 100, 100));
        shapes.insert({shape.size(), shape.isEmpty() ? 0 : shape.first().y()});
        colours.insert(document::tierColour(tier).rgb());
    }
    QCOMPARE(shapes.size(), 5U);
    QCOMPARE(colours.size(), 5U);
}

void TestLayout::textBreaksInsideLongWords()
{
    QVERIFY(document::loadFaces());
    const document::MeasuredText text(QString(300, QLatin1Char('x')), {}, 500);
    QVERIFY(text.lineCount() > 10);
    QVERIFY(text.naturalWidth() <= 500);
    QString joined;
    for (const document::MeasuredText& part : text.split(4)) {
        QVERIFY(part.lineCount() <= 4);
        joined += part.text();
    }
    QCOMPARE(joined, text.text());
}

QTEST_MAIN(TestLayout)
#include "tst_layout.moc"
