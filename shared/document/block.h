// The measured pieces a page is made of: a block knows its height and what is drawn where inside it.
// Measuring makes blocks, placing puts them on pages, drawing only draws; screen, printer and PDF share all
// three. Lengths are decipoints.
#pragma once

#include "shared/document/measured_text.h"
#include "shared/model/tier.h"

#include <QRectF>

#include <optional>
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
    RowContinued, ///< the rest of a row that is longer than a row may be
    CarriedForward,
    Totals,
    Payment,
    Note,
    Continued, ///< the rest of any other block that is taller than a page
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
    qreal add(MeasuredText text, QPointF topLeft, qreal width);
    void rule(qreal y, qreal width, const QColor& colour);
};

void draw(QPainter& painter, const Block& block, QPointF topLeft);

struct CutBlock
{
    Block above, below;
};

/// Cuts a block between lines so that the upper part is no higher than that; columns beside each other keep
/// their places. Nothing when not one line would be above.
std::optional<CutBlock> cut(const Block& block, qreal height);

} // namespace billing::document
