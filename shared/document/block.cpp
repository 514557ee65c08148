#include "shared/document/block.h"

#include "shared/document/tier_badge.h"

#include <QPainter>

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

} // namespace

qreal Block::add(const QString& text, const TextStyle& style, QPointF topLeft, qreal width)
{
    MeasuredText measured(text, style, width);
    const QRectF box(topLeft, QSizeF(width, measured.height()));
    items.emplace_back(Text{box, std::move(measured)});
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

Result<void> checkGlyphs(const Block& block)
{
    for (const Item& item : block.items) {
        const Text* text = std::get_if<Text>(&item);
        if (!text)
            continue;
        if (const auto missing = missingCharacter(text->text.text(), text->text.face())) {
            const QString code = QString::number(static_cast<uint>(*missing), 16)
                                     .toUpper()
                                     .rightJustified(4, QLatin1Char('0'));
            return Error{ErrorCode::MissingGlyph, "document", "no glyph for U+" + code.toStdString()};
        }
    }
    return {};
}

} // namespace billing::document
