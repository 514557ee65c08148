// Qt's Fusion with the console's tokens: buttons, fields, lists, heads, scroll bars and the focus ring are
// drawn here, everything else follows by its palette, the print dialogs too. A button that is its form's
// default is drawn in the accent colour. GUI thread.
#pragma once

#include "console/widgets/tokens.h"

#include <QProxyStyle>

namespace billing::console {

class HouseStyle : public QProxyStyle
{
    Q_OBJECT

public:
    HouseStyle();

    void polish(QWidget* widget) override;
    using QProxyStyle::polish;

    void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                       const QWidget* widget) const override;
    void drawControl(ControlElement element, const QStyleOption* option, QPainter* painter,
                     const QWidget* widget) const override;
    void drawComplexControl(ComplexControl control, const QStyleOptionComplex* option, QPainter* painter,
                            const QWidget* widget) const override;
    int pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const override;
    int styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                  QStyleHintReturn* returned) const override;
    QRect subControlRect(ComplexControl control, const QStyleOptionComplex* option, SubControl part,
                         const QWidget* widget) const override;
    QRect subElementRect(SubElement element, const QStyleOption* option,
                         const QWidget* widget) const override;
    QSize sizeFromContents(ContentsType type, const QStyleOption* option, const QSize& size,
                           const QWidget* widget) const override;
    QIcon standardIcon(StandardPixmap pixmap, const QStyleOption* option,
                       const QWidget* widget) const override;
};

/// Style, palette and font of the whole application. Once style and font are there, only the palette changes.
void dress(Appearance appearance);

} // namespace billing::console
