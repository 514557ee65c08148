// The console's line icons, drawn by code on a grid of 16 so that they are sharp at any scale and take the
// colour of the text beside them. GUI thread.
#pragma once

#include <QIcon>

namespace billing::console {

enum class Glyph
{
    Tenants,
    Invoices,
    Search,
    Refresh,
    Print,
    PrintPreview,
    Export,
    Copy,
    SignOut,
    Appearance,
    Previous,
    Next,
    Up,
    Down,
    Plus,
    Minus,
    FitWidth,
    Close,
    Warning,
    Failure,
    Offline,
    Lock,
    Folder,
    Check,
    Calendar
};
inline constexpr int glyphCount = 25;

/// Within the box, in that colour.
void drawGlyph(QPainter& painter, Glyph glyph, const QRectF& box, const QColor& colour);

/// Follows the application's palette: a change of appearance needs no new icon.
QIcon icon(Glyph glyph);

} // namespace billing::console
