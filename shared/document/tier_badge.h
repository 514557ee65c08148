// The sign of a tier: a shape, a colour and a letter, so that it is told apart in black and white and by
// people who do not see colours: Zero a brown circle, Shared a yellow square, Lite a green diamond,
// Enterprise a blue hexagon, Air-gapped a red octagon.
#pragma once

#include "shared/document/faces.h"
#include "shared/model/tier.h"

#include <QColor>
#include <QPolygonF>
#include <QRectF>

class QPainter;

namespace billing::document {

QColor tierColour(Tier tier);
/// The corners within the box; none for the circle.
QPolygonF tierShape(Tier tier, const QRectF& box);

void drawTierBadge(QPainter& painter, Tier tier, const QRectF& box);

} // namespace billing::document
