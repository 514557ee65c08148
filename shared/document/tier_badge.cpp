#include "shared/document/tier_badge.h"

#include <QFontMetricsF>
#include <QPainter>

#include <array>
#include <cmath>
#include <numbers>

namespace billing::document {

namespace {

struct Sign
{
    QColor colour;
    QColor letter;
    int corners; ///< 0 is a circle
    qreal turn;  ///< of the first corner, in degrees from the right
};

Sign signOf(Tier tier)
{
    static const std::array<Sign, 5> signs{{{QColor(0x8A, 0x5A, 0x3C), Qt::white, 0, 0},
                                            {QColor(0xF2, 0xC1, 0x2E), QColor(0x3A, 0x2C, 0x00), 4, 45},
                                            {QColor(0x1F, 0x8A, 0x4C), Qt::white, 4, 0},
                                            {QColor(0x2B, 0x5F, 0xD0), Qt::white, 6, 30},
                                            {QColor(0xC4, 0x31, 0x31), Qt::white, 8, 22.5}}};
    return signs.at(static_cast<std::size_t>(tier));
}

} // namespace

QColor tierColour(Tier tier)
{
    return signOf(tier).colour;
}

QPolygonF tierShape(Tier tier, const QRectF& box)
{
    const Sign sign = signOf(tier);
    // A square standing on its side reaches its box with its corners a little outside the circle the others
    // stay in.
    const qreal radius = box.width() / 2 * (sign.corners == 4 && sign.turn > 0 ? 1.25 : 1.06);
    QPolygonF shape;
    for (int corner = 0; corner < sign.corners; ++corner) {
        const qreal angle = (sign.turn + 360.0 * corner / sign.corners) * std::numbers::pi / 180;
        shape << box.center() + QPointF(std::cos(angle), std::sin(angle)) * radius;
    }
    return shape;
}

void drawTierBadge(QPainter& painter, Tier tier, const QRectF& box)
{
    const Sign sign = signOf(tier);
    painter.setPen(Qt::NoPen);
    painter.setBrush(sign.colour);
    if (sign.corners == 0)
        painter.drawEllipse(box);
    else
        painter.drawPolygon(tierShape(tier, box));

    const std::string_view name = displayName(tier);
    const QString letter(QChar::fromLatin1(name.front()));
    const QFont face = font(Face::Bold, static_cast<int>(std::lround(box.height() * 0.62)));
    const QFontMetricsF metrics(face);
    painter.setFont(face);
    painter.setPen(sign.letter);
    painter.drawText(QPointF(box.center().x() - metrics.horizontalAdvance(letter) / 2,
                             box.center().y() + metrics.capHeight() / 2),
                     letter);
}

} // namespace billing::document
