#include "console/widgets/house_style.h"

#include "console/widgets/icons.h"
#include "console/widgets/style_painting.h"

#include <QAbstractItemView>
#include <QAbstractScrollArea>
#include <QApplication>
#include <QComboBox>
#include <QHeaderView>
#include <QPainter>
#include <QPushButton>
#include <QStyleFactory>
#include <QStyleOption>
#include <QToolButton>

#include <array>

namespace billing::console {

HouseStyle::HouseStyle()
    : QProxyStyle(QStyleFactory::create(QStringLiteral("Fusion")))
{
}

void HouseStyle::polish(QWidget* widget)
{
    QProxyStyle::polish(widget);
    if (qobject_cast<QPushButton*>(widget) || qobject_cast<QToolButton*>(widget) ||
        qobject_cast<QComboBox*>(widget) || qobject_cast<QHeaderView*>(widget))
        widget->setAttribute(Qt::WA_Hover);
}

void HouseStyle::drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                               const QWidget* widget) const
{
    switch (element) {
    case PE_PanelButtonCommand:
        return style::button(*painter, *option);
    case PE_PanelButtonTool:
        return style::toolButton(*painter, *option);
    case PE_PanelLineEdit:
    case PE_FrameLineEdit:
        if (const auto* frame = qstyleoption_cast<const QStyleOptionFrame*>(option);
            frame && frame->lineWidth <= 0)
            return; // inside a combo box or a cell
        return style::field(*painter, *option);
    case PE_FrameFocusRect:
        return style::focusRing(*painter, *option);
    case PE_Frame:
        if (qobject_cast<const QAbstractScrollArea*>(widget))
            return style::frame(*painter, *option);
        break;
    case PE_IndicatorCheckBox:
        return style::checkBox(*painter, *option);
    case PE_PanelItemViewRow:
        return; // the alternate colour and the selection are the cells' own
    case PE_PanelTipLabel:
        return style::tip(*painter, *option);
    default:
        break;
    }
    QProxyStyle::drawPrimitive(element, option, painter, widget);
}

void HouseStyle::drawControl(ControlElement element, const QStyleOption* option, QPainter* painter,
                             const QWidget* widget) const
{
    switch (element) {
    case CE_PushButtonLabel:
        if (const auto* button = qstyleoption_cast<const QStyleOptionButton*>(option);
            button && style::isPrimary(*button)) {
            QStyleOptionButton label = *button;
            label.palette.setColor(QPalette::ButtonText, colour(Token::AccentInk, option->palette));
            return QProxyStyle::drawControl(element, &label, painter, widget);
        }
        break;
    case CE_HeaderSection:
    case CE_HeaderEmptyArea:
        return style::headerSection(*painter, *option);
    case CE_HeaderLabel:
        if (const auto* header = qstyleoption_cast<const QStyleOptionHeader*>(option))
            return style::headerLabel(*painter, *header);
        break;
    case CE_ToolButtonLabel:
        if (const auto* button = qstyleoption_cast<const QStyleOptionToolButton*>(option);
            button && button->toolButtonStyle == Qt::ToolButtonTextBesideIcon)
            return style::toolButtonLabel(*painter, *button);
        break;
    case CE_Splitter:
        return style::splitter(*painter, *option);
    case CE_ProgressBarGroove:
        return style::progressGroove(*painter, *option);
    case CE_ProgressBarContents:
        if (const auto* bar = qstyleoption_cast<const QStyleOptionProgressBar*>(option))
            return style::progressContents(*painter, *bar);
        break;
    default:
        break;
    }
    QProxyStyle::drawControl(element, option, painter, widget);
}

void HouseStyle::drawComplexControl(ComplexControl control, const QStyleOptionComplex* option,
                                    QPainter* painter, const QWidget* widget) const
{
    if (control == CC_ComboBox) {
        if (const auto* combo = qstyleoption_cast<const QStyleOptionComboBox*>(option)) {
            const QRect arrow = subControlRect(CC_ComboBox, option, SC_ComboBoxArrow, widget);
            return style::comboBox(*painter, *combo, arrow);
        }
    }
    if (control == CC_ScrollBar) {
        if (const auto* bar = qstyleoption_cast<const QStyleOptionSlider*>(option)) {
            const QRect slider = subControlRect(CC_ScrollBar, option, SC_ScrollBarSlider, widget);
            return style::scrollBar(*painter, *bar, slider);
        }
    }
    QProxyStyle::drawComplexControl(control, option, painter, widget);
}

int HouseStyle::pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const
{
    switch (metric) {
    case PM_ScrollBarExtent:
        return 12;
    case PM_ScrollBarSliderMin:
        return 32;
    case PM_SplitterWidth:
        return 1;
    case PM_SmallIconSize:
    case PM_ButtonIconSize:
    case PM_ToolBarIconSize:
    case PM_ListViewIconSize:
        return measure::icon;
    case PM_ButtonShiftHorizontal:
    case PM_ButtonShiftVertical:
        return 0;
    case PM_HeaderMargin:
        return space::small;
    case PM_LayoutHorizontalSpacing:
    case PM_LayoutVerticalSpacing:
        return space::small;
    case PM_LayoutLeftMargin:
    case PM_LayoutTopMargin:
    case PM_LayoutRightMargin:
    case PM_LayoutBottomMargin:
        return space::medium;
    case PM_FocusFrameHMargin:
    case PM_FocusFrameVMargin:
        return measure::focusRing;
    default:
        return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

int HouseStyle::styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                          QStyleHintReturn* returned) const
{
    switch (hint) {
    case SH_DialogButtonBox_ButtonsHaveIcons:
    case SH_ItemView_ActivateItemOnSingleClick:
    case SH_ScrollBar_Transient:
    case SH_ComboBox_Popup:
        return 0;
    case SH_UnderlineShortcut: // mnemonics can be seen without Alt
        return 1;
    case SH_ScrollBar_ContextMenu:
        return 0;
    default:
        return QProxyStyle::styleHint(hint, option, widget, returned);
    }
}

QRect HouseStyle::subControlRect(ComplexControl control, const QStyleOptionComplex* option, SubControl part,
                                 const QWidget* widget) const
{
    if (control == CC_ScrollBar) {
        if (const auto* bar = qstyleoption_cast<const QStyleOptionSlider*>(option))
            return style::scrollBarPart(*bar, part, pixelMetric(PM_ScrollBarSliderMin, option, widget));
    }
    if (control == CC_ComboBox && part == SC_ComboBoxEditField)
        return option->rect.adjusted(space::medium, 2, -28, -2);
    if (control == CC_ComboBox && part == SC_ComboBoxArrow)
        return {option->rect.right() - 26, option->rect.top(), 24, option->rect.height()};
    return QProxyStyle::subControlRect(control, option, part, widget);
}

QRect HouseStyle::subElementRect(SubElement element, const QStyleOption* option, const QWidget* widget) const
{
    if (element == SE_LineEditContents) {
        const auto* frame = qstyleoption_cast<const QStyleOptionFrame*>(option);
        const int inset = frame && frame->lineWidth > 0 ? space::small - space::hair : 0;
        return option->rect.adjusted(inset, 0, -inset, 0);
    }
    if (element == SE_PushButtonFocusRect || element == SE_ComboBoxFocusRect)
        return option->rect;
    return QProxyStyle::subElementRect(element, option, widget);
}

QSize HouseStyle::sizeFromContents(ContentsType type, const QStyleOption* option, const QSize& size,
                                   const QWidget* widget) const
{
    QSize made = QProxyStyle::sizeFromContents(type, option, size, widget);
    switch (type) {
    case CT_PushButton:
        made.setWidth(std::max(made.width() + space::large, 80));
        made.setHeight(std::max(made.height(), measure::control));
        break;
    case CT_ComboBox:
        made.setWidth(made.width() + space::large);
        made.setHeight(std::max(made.height(), measure::control));
        break;
    case CT_LineEdit:
        made.setHeight(std::max(made.height(), measure::control));
        break;
    case CT_ToolButton:
        if (const auto* button = qstyleoption_cast<const QStyleOptionToolButton*>(option);
            button && button->toolButtonStyle == Qt::ToolButtonTextBesideIcon)
            made.rwidth() += space::large;
        made = made.expandedTo({measure::control, measure::control});
        break;
    case CT_HeaderSection:
        made.setHeight(measure::header);
        made.setWidth(made.width() + space::small);
        break;
    case CT_MenuItem:
        made.setHeight(std::max(made.height(), 28));
        break;
    default:
        break;
    }
    return made;
}

// The sign that clears a field is drawn as ours are: sharp at any scale, in the colour of the text.
QIcon HouseStyle::standardIcon(StandardPixmap pixmap, const QStyleOption* option, const QWidget* widget) const
{
    return pixmap == SP_LineEditClearButton ? icon(Glyph::Close)
                                            : QProxyStyle::standardIcon(pixmap, option, widget);
}

void dress(Appearance appearance)
{
    if (!qobject_cast<HouseStyle*>(QApplication::style())) {
        QApplication::setStyle(new HouseStyle);
        QApplication::setFont(typeface(TypeRole::Body));
    }
    QApplication::setPalette(paletteFor(appearance));
}

} // namespace billing::console
