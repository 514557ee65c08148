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
    {
    }

    Result<std::vector<Page>> place()
    {
        m_pages.emplace_back();
        put(share(letterhead(m_invoice, m_width)));
        if (m_end > m_bottom)
            return Error{ErrorCode::RenderFailed, "document", "the letterhead is taller than a page"};
        if (const Result<void> done = placeTable(); !done)
            return done.error();
        if (std::optional<Block> how = payment(m_invoice, m_width))
            putOrTurn(share(std::move(*how)));
        for (Block& note : notes(m_invoice, m_width))
            putOrTurn(share(std::move(note)));
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
            for (Block& block : rowBlocks(m_invoice, m_invoice.lines[index], m_columns)) {
                const std::size_t linesBefore = block.kind == BlockKind::Row ? index : index + 1;
                rows.push_back({share(std::move(block)), linesBefore});
            }
        if (rows.empty())
            rows.push_back({share(emptyRow(m_invoice, m_columns)), 0});
        return rows;
    }

    Result<void> placeTable()
    {
        const SharedBlock sums = share(totals(m_invoice, m_columns));
        const std::vector<Row> rows = measureRows();
        const qreal firstStep = m_tableHead->height + rows.front().block->height + m_carriedHeight;
        if (m_y + firstStep > m_bottom)
            turn();
        put(m_tableHead);
        bool rowOnPage = false;
        for (std::size_t index = 0; index < rows.size(); ++index) {
            const Row& row = rows[index];
            const bool last = index + 1 == rows.size();
            const qreal kept = last ? sums->height : m_carriedHeight;
            if (rowOnPage && m_y + row.block->height + kept > m_bottom) {
                if (const Result<void> done = turnTable(row.linesBefore); !done)
                    return done;
            }
            put(row.block);
            rowOnPage = true;
        }
        putOrTurn(sums);
        return {};
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
        m_end = m_y + block->height;
        m_y = m_end + block->spaceBelow;
    }

    void putOrTurn(const SharedBlock& block)
    {
        if (m_y + block->height > m_bottom)
            turn();
        put(block);
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
    qreal m_y = page::marginTop; ///< where the next block goes
    qreal m_end = 0;             ///< of the last one
    std::vector<Page> m_pages = {};
};

Result<void> checkGlyphs(const std::vector<Page>& pages)
{
    for (const Page& page : pages)
        for (const PlacedBlock& placed : page)
            if (const Result<void> shown = checkGlyphs(*placed.block); !shown)
                return shown;
    return {};
}

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

} // namespace

Result<Layout> layOutInvoice(const Invoice& invoice)
{
    if (invoice.templateVersion != 1)
        return Error{ErrorCode::UnknownTemplate, "template_version"};
    if (const Result<void> loaded = loadFaces(); !loaded)
        return loaded.error();
    Layout layout{.paper = invoice.buyer.country == "US" ? letter : a4,
                  .status = invoice.status,
                  .mark = markOf(invoice)};
    Result<std::vector<Page>> pages = Placer(invoice, layout.paper).place();
    if (!pages)
        return pages.error();
    layout.pages = std::move(*pages);
    if (const Result<void> shown = checkGlyphs(layout.pages); !shown)
        return shown.error();
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
