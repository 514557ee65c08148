#include "tests/shared/document/layout_faults.h"

#include <algorithm>

namespace billing::test {

using document::Block;
using document::BlockKind;
using document::Layout;

namespace {

constexpr qreal tolerance = 0.5; // a twentieth of a point

/// What is wrong inside a block: texts on texts, or outside it.
QString faultOf(const Block& block, qreal width)
{
    std::vector<QRectF> boxes;
    for (const document::Item& item : block.items) {
        const auto* text = std::get_if<document::Text>(&item);
        if (!text)
            continue;
        if (text->text.naturalWidth() > text->box.width() + tolerance)
            return QStringLiteral("text is wider than its box: ") + text->text.text();
        if (text->box.left() < -tolerance || text->box.right() > width + tolerance ||
            text->box.bottom() > block.height + tolerance)
            return QStringLiteral("text leaves its block: ") + text->text.text();
        const QRectF ink = text->box.adjusted(tolerance, tolerance, -tolerance, -tolerance);
        for (const QRectF& other : boxes)
            if (ink.intersects(other))
                return QStringLiteral("texts overlap: ") + text->text.text();
        boxes.push_back(ink);
    }
    return {};
}

QString faultOfPage(const Layout& layout, const document::Page& page)
{
    qreal below = 0;
    for (const document::PlacedBlock& placed : page) {
        const qreal width = layout.paper.width() - 2 * placed.topLeft.x();
        if (placed.topLeft.y() < below - tolerance)
            return QStringLiteral("blocks overlap");
        below = placed.topLeft.y() + placed.block->height;
        if (below > layout.paper.height())
            return QStringLiteral("a block leaves the page");
        if (const QString fault = faultOf(*placed.block, width); !fault.isEmpty())
            return fault;
    }
    if (page.back().block->kind != BlockKind::Footer)
        return QStringLiteral("a page without footer");
    const bool hasRows = count(page, BlockKind::Row) + count(page, BlockKind::RowContinued) > 0;
    if (hasRows && count(page, BlockKind::TableHead) != 1)
        return QStringLiteral("rows without the table's head");
    if (count(page, BlockKind::Totals) == 1 && !hasRows)
        return QStringLiteral("totals without a row");
    if (count(page, BlockKind::CarriedForward) == 1 && !hasRows)
        return QStringLiteral("carried forward without a row");
    return {};
}

} // namespace

std::vector<BlockKind> kindsOf(const document::Page& page)
{
    std::vector<BlockKind> kinds;
    for (const document::PlacedBlock& placed : page)
        kinds.push_back(placed.block->kind);
    return kinds;
}

int count(const document::Page& page, BlockKind kind)
{
    const auto kinds = kindsOf(page);
    return static_cast<int>(std::count(kinds.begin(), kinds.end(), kind));
}

QString textsOf(const Block& block)
{
    QString all;
    for (const document::Item& item : block.items)
        if (const auto* text = std::get_if<document::Text>(&item))
            all += text->text.text() + QLatin1Char('\n');
    return all;
}

QString faultOf(const Layout& layout)
{
    for (const document::Page& page : layout.pages)
        if (const QString fault = faultOfPage(layout, page); !fault.isEmpty())
            return fault;
    return {};
}

} // namespace billing::test
