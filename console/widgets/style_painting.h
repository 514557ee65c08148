// How the house's style paints each control; colours come from the option's palette. GUI thread.
#pragma once

#include <QRect>
#include <QStyle>

class QPainter;
class QStyleOption;
class QStyleOptionButton;
class QStyleOptionComboBox;
class QStyleOptionHeader;
class QStyleOptionProgressBar;
class QStyleOptionSlider;
class QStyleOptionToolButton;

namespace billing::console::style {

/// Its form's default button.
bool isPrimary(const QStyleOption& option);

void button(QPainter& painter, const QStyleOption& option);
void toolButton(QPainter& painter, const QStyleOption& option);
/// Icon, then text, with room between and around.
void toolButtonLabel(QPainter& painter, const QStyleOptionToolButton& option);
void field(QPainter& painter, const QStyleOption& option);
void focusRing(QPainter& painter, const QStyleOption& option);
void frame(QPainter& painter, const QStyleOption& option);
void checkBox(QPainter& painter, const QStyleOption& option);
void tip(QPainter& painter, const QStyleOption& option);
void headerSection(QPainter& painter, const QStyleOption& option);
void headerLabel(QPainter& painter, const QStyleOptionHeader& option);
void splitter(QPainter& painter, const QStyleOption& option);
void progressGroove(QPainter& painter, const QStyleOption& option);
void progressContents(QPainter& painter, const QStyleOptionProgressBar& option);
void comboBox(QPainter& painter, const QStyleOptionComboBox& option, const QRect& arrow);
void scrollBar(QPainter& painter, const QStyleOptionSlider& option, const QRect& slider);
/// A groove as long as the bar, without arrows at its ends.
QRect scrollBarPart(const QStyleOptionSlider& option, QStyle::SubControl part, int sliderLeast);

} // namespace billing::console::style
