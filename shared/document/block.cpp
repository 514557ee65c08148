#include "shared/document/block.h"

#include "shared/document/tier_badge.h"

#include <QPainter>

#include <limits>

namespace billing::document {

namespace {

constexpr qreal ruleThickness = 6;

void drawItem(QPainter& painter, const Fill& fill, QPointF origin)
{
    painter.setPen(Qt::NoPen);
    painter.setBrush(fill.colour);
    if (fill.radius > 0)
        painter.drawRoundedRect(fill.box.translated(origin), fill.radius, fill.radius);
    else
        painter.drawRect(fill.box.translated(origin));
}

void drawItem(QPainter& painter, const Badge& badge, QPointF origin)
{
    drawTierBadge(painter, badge.tier, badge.box.translated(origin));
}

void drawItem(QPainter& painter, const Text& text, QPointF origin)
{
    text.text.draw(painter, text.box.topLeft() + origin);
}

/// Deals a block's items out to the parts above and below a height.
class Cutter
{
public:
    explicit Cutter(qreal height)
        : m_height(height)
    {
    }

    void take(const Text& text)
    {
        const int lines = text.text.lineCount();
        const int above =
            text.box.bottom() <= m_height ? lines : text.text.linesWithin(m_height - text.box.top());
        if (above > 0)
            putAbove(textOf(text, 0, above, text.box.top()));
        if (above < lines)
            putBelow(
                textOf(text, above, lines, text.box.top() + (above > 0 ? text.text.bottomOf(above - 1) : 0)));
        m_hasLine = m_hasLine || above > 0;
    }

    void take(const Badge& badge) { put(badge); }

    /// Panels lie behind texts and are cut; a rule stands behind what it closes.
    void take(const Fill& fill)
    {
        if (fill.box.height() > ruleThickness)
            m_panels.push_back(fill);
        else
            put(fill);
    }

    std::optional<CutBlock> finish(const Block& block)
    {
        if (!m_hasLine || m_below.empty())
            return std::nullopt;
        const qreal padding = m_panels.empty() ? 0 : std::min(panelPadding, m_height - m_end);
        const qreal shift = m_begin - (m_panels.empty() ? 0 : panelPadding);
        CutBlock parts{{block.kind, m_end + padding}, {continued(block.kind), block.height - shift}};
        for (const Fill& panel : m_panels) {
            addPanel(parts.above, panel, panel.box.top(), std::min(panel.box.bottom(), m_end + padding));
            addPanel(parts.below, panel, std::max(panel.box.top() - shift, 0.0), panel.box.bottom() - shift);
        }
        for (Item& item : m_below)
            std::visit([shift](auto& piece) { piece.box.translate(0, -shift); }, item);
        parts.above.items.insert(parts.above.items.end(), m_above.begin(), m_above.end());
        parts.below.items.insert(parts.below.items.end(), m_below.begin(), m_below.end());
        parts.below.spaceBelow = block.spaceBelow;
        return parts;
    }

private:
    static Text textOf(const Text& text, int first, int end, qreal top)
    {
        MeasuredText part = text.text.lines(first, end);
        const QRectF box(text.box.left(), top, text.box.width(), part.height());
        return {box, std::move(part)};
    }

    static void addPanel(Block& block, const Fill& panel, qreal top, qreal bottom)
    {
        if (bottom > top)
            block.items.emplace_back(Fill{QRectF(panel.box.left(), top, panel.box.width(), bottom - top),
                                          panel.colour, panel.radius});
    }

    static BlockKind continued(BlockKind kind)
    {
        const bool row = kind == BlockKind::Row || kind == BlockKind::RowContinued;
        return row ? BlockKind::RowContinued : BlockKind::Continued;
    }

    template <typename Piece>
    void put(const Piece& piece)
    {
        if (piece.box.bottom() <= m_height)
            putAbove(piece);
        else
            putBelow(piece);
    }

    template <typename Piece>
    void putAbove(Piece piece)
    {
        m_end = std::max(m_end, piece.box.bottom());
        m_above.emplace_back(std::move(piece));
    }

    template <typename Piece>
    void putBelow(Piece piece)
    {
        m_begin = std::min(m_begin, piece.box.top());
        m_below.emplace_back(std::move(piece));
    }

    static constexpr qreal panelPadding = 100;

    qreal m_height;
    qreal m_end = 0;                                   ///< of what is above
    qreal m_begin = std::numeric_limits<qreal>::max(); ///< of what is below
    bool m_hasLine = false;
    std::vector<Fill> m_panels;
    std::vector<Item> m_above, m_below;
};

} // namespace

qreal Block::add(const QString& text, const TextStyle& style, QPointF topLeft, qreal width)
{
    return add(MeasuredText(text, style, width), topLeft, width);
}

qreal Block::add(MeasuredText text, QPointF topLeft, qreal width)
{
    const QRectF box(topLeft, QSizeF(width, text.height()));
    items.emplace_back(Text{box, std::move(text)});
    height = std::max(height, box.bottom());
    return box.bottom();
}

void Block::rule(qreal y, qreal width, const QColor& colour)
{
    items.emplace_back(Fill{QRectF(0, y, width, ruleThickness), colour});
    height = std::max(height, y + ruleThickness);
}

void draw(QPainter& painter, const Block& block, QPointF topLeft)
{
    for (const Item& item : block.items)
        std::visit([&](const auto& piece) { drawItem(painter, piece, topLeft); }, item);
}

std::optional<CutBlock> cut(const Block& block, qreal height)
{
    Cutter cutter(height);
    for (const Item& item : block.items)
        std::visit([&](const auto& piece) { cutter.take(piece); }, item);
    return cutter.finish(block);
}

} // namespace billing::document
