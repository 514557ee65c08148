// The measured pieces a page is made of: a block knows its height and what is drawn where inside it.
// Measuring makes blocks, placing puts them on pages, drawing only draws; screen, printer and PDF share all
// three. Lengths are decipoints.
#pragma once

#include "shared/document/measured_text.h"
#include "shared/model/tier.h"

#include <QRectF>

#include <variant>
#include <vector>

namespace billing::document {

enum class BlockKind
{
    Letterhead,
    RunningHead,
    TableHead,
    BroughtForward,
    Row,
    RowContinued, ///< the rest of a description longer than a row may be
    CarriedForward,
    Totals,
    Payment,
    Note,
    Footer
};

struct Text
{
    QRectF box;
    MeasuredText text;
};

/// A filled rectangle: panels, and rules as thin ones.
struct Fill
{
    QRectF box;
    QColor colour;
    qreal radius = 0;
};

struct Badge
{
    QRectF box;
    Tier tier;
};

using Item = std::variant<Fill, Badge, Text>;

struct Block
{
    BlockKind kind;
    qreal height = 0;
    std::vector<Item> items = {};
    qreal spaceBelow = 0; ///< kept free before the next block, not needed at a page's end

    /// Adds text with its top left there, as wide as it says; returns the y below it.
    qreal add(const QString& text, const TextStyle& style, QPointF topLeft, qreal width);
    void rule(qreal y, qreal width, const QColor& colour);
};

void draw(QPainter& painter, const Block& block, QPointF topLeft);

/// Refuses MissingGlyph; the detail names the character, not the text.
Result<void> checkGlyphs(const Block& block);

} // namespace billing::document
