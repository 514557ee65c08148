#include "shared/document/invoice_layout.h"

#include "shared/document/figures.h"
#include "shared/document/invoice_blocks.h"
#include "shared/document/letterhead.h"
#include "shared/document/page_style.h"
#include "shared/format/document_locale.h"

#include <QPainter>

namespace billing::document {

namespace {

constexpr QSizeF a4(5953, 8419);
constexpr QSizeF letter(6120, 7920);

using SharedBlock = std::shared_ptr<const Block>;

SharedBlock share(Block block)
{
    return std::make_shared<const Block>(std::move(block));
}

/// Puts blocks below each other and turns pages. While the table lasts, each new page begins with the table's
/// head and the sum brought forward.
class Placer
{
public:
    Placer(const Invoice& invoice, QSizeF paper)
        : m_invoice(invoice)
        , m_width(paper.width() - 2 * page::marginSide)
        , m_columns(columnsFor(invoice, m_width))
        , m_tableHead(share(tableHead(invoice, m_columns)))
        , m_runningHead(share(runningHead(invoice, m_width)))
        , m_carriedHeight(carriedSum(BlockKind::CarriedForward, invoice, invoice.net, m_columns).height)
        , m_footerTop(paper.height() - page::marginBottom - footer(invoice, m_width, 1, 1).height)
        , m_bottom(m_footerTop - page::footerGap)
        , m_room(m_bottom - page::marginTop - m_runningHead->height - m_runningHead->spaceBelow)
        , m_tableRoom(m_room - m_tableHead->height - 2 * m_carriedHeight)
    {
    }

    Result<std::vector<Page>> place()
    {
        m_pages.emplace_back();
        flow(letterhead(m_invoice, m_width));
        if (const Result<void> done = placeTable(); !done)
            return done.error();
        if (std::optional<Block> how = payment(m_invoice, m_width))
            flow(std::move(*how));
        for (Block& note : notes(m_invoice, m_width))
            flow(std::move(note));
        placeFooters();
        return std::move(m_pages);
    }

private:
    struct Row
    {
        SharedBlock block;
        std::size_t linesBefore; ///< invoice lines that lie wholly before it
    };

    std::vector<Row> measureRows() const
    {
        std::vector<Row> rows;
        for (std::size_t index = 0; index < m_invoice.lines.size(); ++index)
            for (Block& block : rowBlocks(m_invoice, m_invoice.lines[index], m_columns))
                addRow(rows, std::move(block), index);
        if (rows.empty())
            rows.push_back({share(emptyRow(m_invoice, m_columns)), 0});
        return rows;
    }

    /// A row that nearly fills a page of the table comes in pieces that leave room for the totals' beginning.
    void addRow(std::vector<Row>& rows, Block block, std::size_t line) const
    {
        while (block.height > m_tableRoom * 3 / 4) {
            std::optional<CutBlock> parts = cut(block, m_tableRoom / 2);
            if (!parts)
                break;
            rows.push_back({share(std::move(parts->above)), line});
            block = std::move(parts->below);
        }
        const std::size_t linesBefore = block.kind == BlockKind::Row ? line : line + 1;
        rows.push_back({share(std::move(block)), linesBefore});
    }

    /// What must fit below a row: the sum carried forward, below the last one the totals, or when they are
    /// too tall for that as much of them as shows what is to be paid.
    qreal keptBelow(const Row& row, bool last, qreal totalsHeight) const
    {
        if (!last)
            return m_carriedHeight;
        const bool together = row.block->height + totalsHeight <= m_tableRoom;
        return together ? totalsHeight : std::min(totalsHeight, m_tableRoom / 4);
    }

    Result<void> placeTable()
    {
        Block sums = totals(m_invoice, m_columns);
        const std::vector<Row> rows = measureRows();
        const qreal firstStep = m_tableHead->height + rows.front().block->height +
                                keptBelow(rows.front(), rows.size() == 1, sums.height);
        if (m_y + firstStep > m_bottom)
            turn();
        put(m_tableHead);
        bool rowOnPage = false;
        for (std::size_t index = 0; index < rows.size(); ++index) {
            const Row& row = rows[index];
            const qreal kept = keptBelow(row, index + 1 == rows.size(), sums.height);
            if (rowOnPage && m_y + row.block->height + kept > m_bottom) {
                if (const Result<void> done = turnTable(row.linesBefore); !done)
                    return done;
            }
            put(row.block);
            rowOnPage = true;
        }
        placeTotals(std::move(sums));
        return {};
    }

    /// On the last row's page, all of them or their beginning.
    void placeTotals(Block sums)
    {
        std::optional<CutBlock> parts;
        if (m_y + sums.height > m_bottom)
            parts = cut(sums, m_bottom - m_y);
        if (!parts)
            return flow(std::move(sums));
        put(share(std::move(parts->above)));
        turn();
        flow(std::move(parts->below));
    }

    Result<void> turnTable(std::size_t linesBefore)
    {
        const Result<Money> sum = sumOfLines(m_invoice, linesBefore);
        if (!sum)
            return sum.error();
        put(share(carriedSum(BlockKind::CarriedForward, m_invoice, *sum, m_columns)));
        turn();
        put(m_tableHead);
        put(share(carriedSum(BlockKind::BroughtForward, m_invoice, *sum, m_columns)));
        return {};
    }

    void put(const SharedBlock& block)
    {
        m_pages.back().push_back({QPointF(page::marginSide, m_y), block});
        m_y += block->height + block->spaceBelow;
    }

    /// On this page if there is room, else whole on the next; what is taller than a page is cut.
    void flow(Block block)
    {
        while (m_y + block.height > m_bottom) {
            const qreal room = m_bottom - m_y;
            std::optional<CutBlock> parts;
            if (block.height > m_room && room > m_room / 4)
                parts = cut(block, room);
            if (parts) {
                put(share(std::move(parts->above)));
                block = std::move(parts->below);
            } else if (room >= m_room) {
                break; // a new page, and not one line fits: no text has such a line
            }
            turn();
        }
        put(share(std::move(block)));
    }

    void turn()
    {
        m_pages.emplace_back();
        m_y = page::marginTop;
        put(m_runningHead);
    }

    void placeFooters()
    {
        const int pages = static_cast<int>(m_pages.size());
        for (int number = 1; number <= pages; ++number)
            m_pages[static_cast<std::size_t>(number) - 1].push_back(
                {QPointF(page::marginSide, m_footerTop), share(footer(m_invoice, m_width, number, pages))});
    }

    const Invoice& m_invoice;
    qreal m_width;
    Columns m_columns;
    SharedBlock m_tableHead;
    SharedBlock m_runningHead;
    qreal m_carriedHeight;
    qreal m_footerTop;
    qreal m_bottom;
    qreal m_room;                ///< of a page below its running head
    qreal m_tableRoom;           ///< the same between the table's head and the sum carried forward
    qreal m_y = page::marginTop; ///< where the next block goes
    std::vector<Page> m_pages = {};
};

/// The mark runs up across the page, behind everything.
void drawMark(QPainter& painter, const Layout& layout)
{
    if (layout.mark.isEmpty())
        return;
    painter.save();
    painter.translate(layout.paper.width() / 2, layout.paper.height() / 2);
    painter.rotate(-52);
    painter.setFont(font(Face::Bold, 2000));
    painter.setPen(layout.status == InvoiceStatus::Void ? colour::voidMark : colour::draftMark);
    const qreal width = textWidth(layout.mark, {Face::Bold, 2000});
    painter.drawText(QPointF(-width / 2, 700), layout.mark);
    painter.restore();
}

QString markOf(const Invoice& invoice)
{
    const Texts& texts = textsFor(format::documentLocale(invoice.locale));
    switch (invoice.status) {
    case InvoiceStatus::Draft:
        return texts.draft;
    case InvoiceStatus::Void:
        return texts.voided;
    case InvoiceStatus::Finalised:
        break;
    }
    return {};
}

/// As the document's language writes them, else as the buyer's country does, else the seller's.
HanForms hanFormsOf(const Invoice& invoice)
{
    const QLocale locale = format::documentLocale(invoice.locale);
    const std::string territory = QLocale::territoryToCode(locale.territory()).toStdString();
    if (locale.language() == QLocale::Japanese)
        return HanForms::Japanese;
    if (locale.language() == QLocale::Korean)
        return HanForms::Korean;
    if (locale.language() == QLocale::Chinese || locale.language() == QLocale::Cantonese) {
        if (locale.script() == QLocale::SimplifiedHanScript)
            return HanForms::Simplified;
        return territory == "HK" || territory == "MO" ? HanForms::HongKong : HanForms::Traditional;
    }
    for (const std::string& country : {invoice.buyer.country, invoice.seller.country})
        for (const auto& [code, forms] : {std::pair("JP", HanForms::Japanese),
                                          {"KR", HanForms::Korean},
                                          {"CN", HanForms::Simplified},
                                          {"SG", HanForms::Simplified},
                                          {"TW", HanForms::Traditional},
                                          {"HK", HanForms::HongKong},
                                          {"MO", HanForms::HongKong}})
            if (country == code)
                return forms;
    return HanForms::Japanese;
}

} // namespace

Result<Layout> layOutInvoice(const Invoice& invoice)
{
    if (invoice.templateVersion != 1)
        return Error{ErrorCode::UnknownTemplate, "template_version"};
    if (const Result<void> loaded = loadFaces(); !loaded)
        return loaded.error();
    const HanFormsScope hanForms(hanFormsOf(invoice));
    Layout layout{.paper = invoice.buyer.country == "US" ? letter : a4,
                  .status = invoice.status,
                  .mark = markOf(invoice)};
    Result<std::vector<Page>> pages = Placer(invoice, layout.paper).place();
    if (!pages)
        return pages.error();
    layout.pages = std::move(*pages);
    return layout;
}

void drawPage(QPainter& painter, const Layout& layout, std::size_t page)
{
    painter.setRenderHint(QPainter::Antialiasing);
    drawMark(painter, layout);
    for (const PlacedBlock& placed : layout.pages.at(page))
        draw(painter, *placed.block, placed.topLeft);
}

} // namespace billing::document
