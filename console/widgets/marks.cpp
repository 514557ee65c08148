#include "console/widgets/marks.h"

#include "console/widgets/icons.h"
#include "shared/document/tier_badge.h"

#include <QCoreApplication>
#include <QFontMetrics>
#include <QPainter>

#include <array>

namespace billing::console {

namespace {

constexpr int pillHeight = 22;
constexpr int pillSign = 10;

QString translated(const char* text)
{
    return QCoreApplication::translate("Marks", text);
}

void drawStatusSign(QPainter& painter, InvoiceStatus status, const QRectF& box, const QColor& ink)
{
    switch (status) {
    case InvoiceStatus::Draft:
        painter.setPen(QPen(ink, 1.4, Qt::DotLine));
        painter.setBrush(Qt::NoBrush);
        painter.drawEllipse(box.adjusted(1, 1, -1, -1));
        return;
    case InvoiceStatus::Finalised:
        return drawGlyph(painter, Glyph::Check, box, ink);
    case InvoiceStatus::Void:
        return drawGlyph(painter, Glyph::Close, box, ink);
    }
}

} // namespace

QColor tierOutline(Tier tier, Appearance appearance)
{
    const QColor fill = document::tierColour(tier);
    if (appearance == Appearance::Dark)
        return fill.lightness() > 135 ? fill : fill.lighter(170);
    return tier == Tier::Shared ? fill.darker(190) : fill.darker(115);
}

void drawTier(QPainter& painter, Tier tier, const QRectF& box, Appearance appearance)
{
    // Its font is found by the paper's own loading.
    static const bool loaded = document::loadFaces().has_value();
    if (!loaded)
        return;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF inner = box.adjusted(1, 1, -1, -1);
    document::drawTierBadge(painter, tier, inner);
    painter.setPen(QPen(tierOutline(tier, appearance), 1.2, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(Qt::NoBrush);
    const QPolygonF shape = document::tierShape(tier, inner);
    if (shape.isEmpty())
        painter.drawEllipse(inner);
    else
        painter.drawPolygon(shape);
    painter.restore();
}

QString tierName(Tier tier)
{
    static constexpr std::array<const char*, 5> names{
        QT_TRANSLATE_NOOP("Marks", "Zero"), QT_TRANSLATE_NOOP("Marks", "Shared"),
        QT_TRANSLATE_NOOP("Marks", "Lite"), QT_TRANSLATE_NOOP("Marks", "Enterprise"),
        QT_TRANSLATE_NOOP("Marks", "Air-gapped")};
    return translated(names.at(static_cast<std::size_t>(tier)));
}

QString statusName(InvoiceStatus status)
{
    static constexpr std::array<const char*, 3> names{QT_TRANSLATE_NOOP("Marks", "Draft"),
                                                      QT_TRANSLATE_NOOP("Marks", "Finalised"),
                                                      QT_TRANSLATE_NOOP("Marks", "Void")};
    return translated(names.at(static_cast<std::size_t>(status)));
}

StatusLook lookOf(InvoiceStatus status)
{
    switch (status) {
    case InvoiceStatus::Draft:
        return {Token::NeutralInk, Token::NeutralSurface};
    case InvoiceStatus::Finalised:
        return {Token::PositiveInk, Token::PositiveSurface};
    case InvoiceStatus::Void:
        break;
    }
    return {Token::DangerInk, Token::DangerSurface};
}

QSize statusSize(InvoiceStatus status)
{
    const QFontMetrics metrics(typeface(TypeRole::Caption));
    const int text = metrics.horizontalAdvance(statusName(status));
    return {text + pillSign + 3 * space::small, pillHeight};
}

void drawStatus(QPainter& painter, InvoiceStatus status, const QRectF& box, Appearance appearance)
{
    const StatusLook look = lookOf(status);
    const QColor ink = colour(look.ink, appearance);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour(look.surface, appearance));
    painter.drawRoundedRect(box, box.height() / 2, box.height() / 2);
    const QRectF sign(box.left() + space::small, box.center().y() - pillSign / 2.0, pillSign, pillSign);
    drawStatusSign(painter, status, sign, ink);
    painter.setPen(ink);
    painter.setFont(typeface(TypeRole::Caption));
    painter.drawText(box.adjusted(space::small + pillSign + space::tight, 0, 0, 0),
                     Qt::AlignLeft | Qt::AlignVCenter, statusName(status));
    painter.restore();
}

TierBadge::TierBadge(QWidget* parent)
    : QWidget(parent)
{
    setFont(typeface(TypeRole::Body));
    setTier(m_tier);
}

void TierBadge::setTier(Tier tier)
{
    m_tier = tier;
    setAccessibleName(tr("Tier %1").arg(tierName(tier)));
    updateGeometry();
    update();
}

QSize TierBadge::sizeHint() const
{
    return {measure::badge + space::small + fontMetrics().horizontalAdvance(tierName(m_tier)),
            measure::badge};
}

void TierBadge::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const qreal top = (height() - measure::badge) / 2.0;
    drawTier(painter, m_tier, {0, top, measure::badge, measure::badge}, appearanceOf(palette()));
    painter.setPen(colour(Token::Ink, palette()));
    painter.drawText(rect().adjusted(measure::badge + space::small, 0, 0, 0),
                     Qt::AlignLeft | Qt::AlignVCenter, tierName(m_tier));
}

StatusPill::StatusPill(QWidget* parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setStatus(m_status);
}

void StatusPill::setStatus(InvoiceStatus status)
{
    m_status = status;
    setAccessibleName(tr("Status %1").arg(statusName(status)));
    updateGeometry();
    update();
}

void StatusPill::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    drawStatus(painter, m_status, rect(), appearanceOf(palette()));
}

} // namespace billing::console
