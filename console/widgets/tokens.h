// The look of the console in one place: colours for light and dark, the type scale, spacing, radii. It
// continues the paper's look (shared/document/page_style.h): the same ink, greys and hairlines, the same
// face. Nothing else in the console names a colour or a size of its own. Lengths are device-independent
// pixels. Every pair that text or a control's edge stands on meets WCAG 2.1 AA
// (tests/console/widgets/tst_tokens.cpp). Pure; the fonts need a QGuiApplication.
#pragma once

#include <QColor>
#include <QFont>
#include <QPalette>

namespace billing::console {

enum class Appearance
{
    Light,
    Dark
};

enum class Token
{
    Window,   ///< behind everything: the frame
    Surface,  ///< tables, cards, fields
    Raised,   ///< buttons, menus, tips
    Sunken,   ///< the desk that pages lie on
    Ink,      ///< text
    InkQuiet, ///< captions and second lines
    InkDisabled,
    Hairline, ///< between rows; carries no meaning
    Edge,     ///< the outline of a control
    Hover,
    Pressed,
    Selection, ///< of rows; text on it stays Ink
    Accent,
    AccentHover,
    AccentPressed,
    AccentInk, ///< on Accent
    Focus,
    PositiveInk,
    PositiveSurface,
    WarningInk,
    WarningSurface,
    DangerInk,
    DangerSurface,
    NeutralInk,
    NeutralSurface
};
inline constexpr int tokenCount = 25;

QColor colour(Token token, Appearance appearance);
/// By the lightness of the palette's window: a widget asks with its own palette and need not be told.
Appearance appearanceOf(const QPalette& palette);
QColor colour(Token token, const QPalette& palette);
QPalette paletteFor(Appearance appearance);

enum class TypeRole
{
    Caption, ///< 11, column heads and labels
    Body,    ///< 13
    Strong,  ///< 13 semibold
    Title,   ///< 16 semibold, a pane's head
    Headline ///< 24 semibold, a place's name
};

/// The invoice's own face (Inter's Latin, Greek and Cyrillic, tabular figures built in); other scripts come
/// from the platform's fonts.
QFont typeface(TypeRole role);

namespace space {

inline constexpr int hair = 2;
inline constexpr int tight = 4;
inline constexpr int small = 8;
inline constexpr int medium = 12;
inline constexpr int large = 16;
inline constexpr int huge = 24;
inline constexpr int vast = 32;

} // namespace space

namespace radius {

inline constexpr int small = 4;
inline constexpr int control = 6;
inline constexpr int card = 10;

} // namespace radius

namespace measure {

inline constexpr int control = 32; ///< height of buttons and fields
inline constexpr int row = 36;
inline constexpr int header = 34;
inline constexpr int badge = 20;
inline constexpr int icon = 16;
inline constexpr int focusRing = 2;

} // namespace measure

/// WCAG 2.1's contrast ratio, 1 to 21.
qreal contrast(const QColor& one, const QColor& other);

} // namespace billing::console
