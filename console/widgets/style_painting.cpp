#include "console/widgets/style_painting.h"

#include "console/widgets/icons.h"
#include "console/widgets/tokens.h"

#include <QPainter>
#include <QStyleOption>

namespace billing::console::style {

namespace {

/// Fill and outline of a rounded box whose edge lies inside the rectangle.
void box(QPainter& painter, const QRect& rect, const QColor& fill, const QPen& edge,
         qreal corner = radius::control)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(fill);
    painter.setPen(edge);
    const qreal inset = edge.style() == Qt::NoPen ? 0 : edge.widthF() / 2;
    painter.drawRoundedRect(QRectF(rect).adjusted(inset, inset, -inset, -inset), corner, corner);
    painter.restore();
}

bool isFocused(const QStyleOption& option)
{
    return option.state.testFlag(QStyle::State_HasFocus) && option.state.testFlag(QStyle::State_Enabled);
}

bool isKeyboardFocused(const QStyleOption& option)
{
    return isFocused(option) && option.state.testFlag(QStyle::State_KeyboardFocusChange);
}

Token faceOf(const QStyleOption& option, Token still)
{
    if (!option.state.testFlag(QStyle::State_Enabled))
        return still;
    if (option.state & (QStyle::State_Sunken | QStyle::State_On))
        return Token::Pressed;
    return option.state.testFlag(QStyle::State_MouseOver) ? Token::Hover : still;
}

QPen edgeOf(const QStyleOption& option)
{
    const bool enabled = option.state.testFlag(QStyle::State_Enabled);
    return QPen(colour(enabled ? Token::Edge : Token::Hairline, option.palette), 1);
}

constexpr int progressThickness = 6;

QRect progressLine(const QStyleOption& option)
{
    QRect line = option.rect;
    line.setTop(line.center().y() - progressThickness / 2);
    line.setHeight(progressThickness);
    return line;
}

QPen focusPen(const QStyleOption& option)
{
    return QPen(colour(Token::Focus, option.palette), measure::focusRing);
}

} // namespace

bool isPrimary(const QStyleOption& option)
{
    const auto* button = qstyleoption_cast<const QStyleOptionButton*>(&option);
    return button && button->features.testFlag(QStyleOptionButton::DefaultButton) &&
           option.state.testFlag(QStyle::State_Enabled);
}

void button(QPainter& painter, const QStyleOption& option)
{
    if (!isPrimary(option)) {
        const QColor fill = colour(faceOf(option, Token::Raised), option.palette);
        return box(painter, option.rect, fill, isKeyboardFocused(option) ? focusPen(option) : edgeOf(option));
    }
    Token face = Token::Accent;
    if (option.state.testFlag(QStyle::State_Sunken))
        face = Token::AccentPressed;
    else if (option.state.testFlag(QStyle::State_MouseOver))
        face = Token::AccentHover;
    box(painter, option.rect, colour(face, option.palette), Qt::NoPen);
    if (isKeyboardFocused(option))
        box(painter, option.rect.adjusted(2, 2, -2, -2), Qt::transparent,
            QPen(colour(Token::AccentInk, option.palette), 1.5), radius::small);
}

void toolButton(QPainter& painter, const QStyleOption& option)
{
    const bool enabled = option.state.testFlag(QStyle::State_Enabled);
    const bool active =
        enabled && (option.state & (QStyle::State_Sunken | QStyle::State_On | QStyle::State_MouseOver));
    const QColor fill =
        active ? colour(faceOf(option, Token::Hover), option.palette) : QColor(Qt::transparent);
    box(painter, option.rect, fill, isKeyboardFocused(option) ? focusPen(option) : QPen(Qt::NoPen));
}

void toolButtonLabel(QPainter& painter, const QStyleOptionToolButton& option)
{
    const bool enabled = option.state.testFlag(QStyle::State_Enabled);
    QRect text = option.rect.adjusted(space::small, 0, -space::small, 0);
    QRect sign({0, 0}, QSize(measure::icon, measure::icon));
    sign.moveCenter(text.center());
    sign.moveLeft(text.left());
    option.icon.paint(&painter, sign, Qt::AlignCenter, enabled ? QIcon::Normal : QIcon::Disabled);
    text.setLeft(sign.right() + 1 + space::small - space::hair);
    painter.setFont(option.font);
    painter.setPen(colour(enabled ? Token::Ink : Token::InkDisabled, option.palette));
    painter.drawText(text, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine | Qt::TextShowMnemonic,
                     option.text);
}

void field(QPainter& painter, const QStyleOption& option)
{
    const bool enabled = option.state.testFlag(QStyle::State_Enabled);
    box(painter, option.rect, colour(enabled ? Token::Surface : Token::Window, option.palette),
        isFocused(option) ? focusPen(option) : edgeOf(option));
}

void focusRing(QPainter& painter, const QStyleOption& option)
{
    if (option.state.testFlag(QStyle::State_KeyboardFocusChange))
        box(painter, option.rect, Qt::transparent, focusPen(option), radius::small);
}

void frame(QPainter& painter, const QStyleOption& option)
{
    painter.setPen(colour(Token::Hairline, option.palette));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(option.rect.adjusted(0, 0, -1, -1));
}

void checkBox(QPainter& painter, const QStyleOption& option)
{
    const bool on = option.state.testFlag(QStyle::State_On);
    const bool enabled = option.state.testFlag(QStyle::State_Enabled);
    const Token fill = on && enabled ? Token::Accent : Token::Surface;
    box(painter, option.rect, colour(fill, option.palette), on && enabled ? QPen(Qt::NoPen) : edgeOf(option),
        radius::small);
    if (on)
        drawGlyph(painter, Glyph::Check, option.rect,
                  colour(enabled ? Token::AccentInk : Token::InkDisabled, option.palette));
}

void tip(QPainter& painter, const QStyleOption& option)
{
    painter.fillRect(option.rect, colour(Token::Raised, option.palette));
    painter.setPen(colour(Token::Edge, option.palette));
    painter.drawRect(option.rect.adjusted(0, 0, -1, -1));
}

void headerSection(QPainter& painter, const QStyleOption& option)
{
    painter.fillRect(option.rect, colour(Token::Surface, option.palette));
    painter.fillRect(QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1),
                     colour(Token::Edge, option.palette));
}

void headerLabel(QPainter& painter, const QStyleOptionHeader& option)
{
    painter.setFont(typeface(TypeRole::Caption));
    painter.setPen(colour(Token::InkQuiet, option.palette));
    // Above their cells' text, which stands a little further in than Qt's margin for heads.
    const QRect rect = option.rect.adjusted(space::tight, -space::small, -space::tight, space::small);
    const QString text = painter.fontMetrics().elidedText(option.text, Qt::ElideRight, rect.width());
    painter.drawText(rect, static_cast<int>(option.textAlignment) | Qt::AlignVCenter | Qt::TextSingleLine,
                     text);
}

void splitter(QPainter& painter, const QStyleOption& option)
{
    painter.fillRect(option.rect, colour(Token::Hairline, option.palette));
}

void progressGroove(QPainter& painter, const QStyleOption& option)
{
    box(painter, progressLine(option), colour(Token::NeutralSurface, option.palette), Qt::NoPen,
        progressThickness / 2.0);
}

void progressContents(QPainter& painter, const QStyleOptionProgressBar& option)
{
    const int range = option.maximum - option.minimum;
    if (range <= 0)
        return;
    QRect line = progressLine(option);
    line.setWidth(static_cast<int>(qint64(line.width()) * (option.progress - option.minimum) / range));
    if (line.width() > 0)
        box(painter, line, colour(Token::Accent, option.palette), Qt::NoPen, progressThickness / 2.0);
}

void comboBox(QPainter& painter, const QStyleOptionComboBox& option, const QRect& arrow)
{
    const QColor fill = colour(faceOf(option, Token::Surface), option.palette);
    box(painter, option.rect, fill, isFocused(option) ? focusPen(option) : edgeOf(option));
    QRectF glyph(0, 0, 12, 12);
    glyph.moveCenter(QRectF(arrow).center());
    drawGlyph(painter, Glyph::Down, glyph, colour(Token::InkQuiet, option.palette));
}

void scrollBar(QPainter& painter, const QStyleOptionSlider& option, const QRect& slider)
{
    painter.fillRect(option.rect, colour(Token::Window, option.palette));
    if (option.maximum <= option.minimum)
        return;
    const bool active = option.activeSubControls.testFlag(QStyle::SC_ScrollBarSlider) &&
                        option.state & (QStyle::State_MouseOver | QStyle::State_Sunken);
    const QColor fill = colour(active ? Token::InkQuiet : Token::Edge, option.palette);
    box(painter, slider.adjusted(3, 3, -3, -3), fill, Qt::NoPen, 3);
}

QRect scrollBarPart(const QStyleOptionSlider& option, QStyle::SubControl part, int sliderLeast)
{
    const QRect rect = option.rect;
    const bool across = option.orientation == Qt::Horizontal;
    const int length = across ? rect.width() : rect.height();
    const qint64 range = qint64(option.maximum) - option.minimum;
    int slider = length;
    if (range > 0) {
        slider = static_cast<int>(qint64(option.pageStep) * length / (range + option.pageStep));
        slider = std::clamp(slider, std::min(sliderLeast, length), length);
    }
    const int start = QStyle::sliderPositionFromValue(option.minimum, option.maximum, option.sliderPosition,
                                                      length - slider, option.upsideDown);
    const auto along = [&](int from, int size) {
        return across ? QRect(rect.left() + from, rect.top(), size, rect.height())
                      : QRect(rect.left(), rect.top() + from, rect.width(), size);
    };
    switch (part) {
    case QStyle::SC_ScrollBarGroove:
        return along(0, length);
    case QStyle::SC_ScrollBarSlider:
        return along(start, slider);
    case QStyle::SC_ScrollBarSubPage:
        return along(0, start);
    case QStyle::SC_ScrollBarAddPage:
        return along(start + slider, length - start - slider);
    default:
        return {};
    }
}

} // namespace billing::console::style
