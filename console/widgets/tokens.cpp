#include "console/widgets/tokens.h"

#include "shared/document/faces.h"

#include <QFontDatabase>

#include <array>
#include <cmath>

namespace billing::console {

namespace {

struct Pair
{
    QRgb light;
    QRgb dark;
};

// In the order of Token.
constexpr std::array<Pair, tokenCount> colours{{
    {0xFFF6F7F9, 0xFF14161A}, // Window
    {0xFFFFFFFF, 0xFF1B1E24}, // Surface
    {0xFFFFFFFF, 0xFF252A32}, // Raised
    {0xFFE9ECF1, 0xFF0E1013}, // Sunken
    {0xFF16181D, 0xFFECEEF2}, // Ink
    {0xFF596170, 0xFFA6AEBB}, // InkQuiet
    {0xFF9AA1AD, 0xFF646C79}, // InkDisabled
    {0xFFE2E5EA, 0xFF2C313A}, // Hairline
    {0xFF868D9A, 0xFF727B89}, // Edge
    {0xFFEFF1F5, 0xFF2A2F38}, // Hover
    {0xFFE3E7EE, 0xFF343A45}, // Pressed
    {0xFFE4ECFB, 0xFF23345A}, // Selection
    {0xFF2456C5, 0xFF7AA5FF}, // Accent
    {0xFF1D49AB, 0xFF94B6FF}, // AccentHover
    {0xFF173C8E, 0xFFAEC8FF}, // AccentPressed
    {0xFFFFFFFF, 0xFF0B1428}, // AccentInk
    {0xFF2456C5, 0xFF94B6FF}, // Focus
    {0xFF14663A, 0xFF84D9A6}, // PositiveInk
    {0xFFE2F3E9, 0xFF17301F}, // PositiveSurface
    {0xFF754700, 0xFFF0C46C}, // WarningInk
    {0xFFFFF1D2, 0xFF33290F}, // WarningSurface
    {0xFFA01F1F, 0xFFFF9F97}, // DangerInk
    {0xFFFCE9E8, 0xFF3A1C1B}, // DangerSurface
    {0xFF4B5361, 0xFFBCC4D0}, // NeutralInk
    {0xFFECEEF2, 0xFF2B3039}, // NeutralSurface
}};

qreal channel(qreal value)
{
    return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

qreal luminance(const QColor& colour)
{
    return 0.2126 * channel(colour.redF()) + 0.7152 * channel(colour.greenF()) +
           0.0722 * channel(colour.blueF());
}

} // namespace

QColor colour(Token token, Appearance appearance)
{
    const Pair& pair = colours.at(static_cast<std::size_t>(token));
    return QColor::fromRgb(appearance == Appearance::Light ? pair.light : pair.dark);
}

Appearance appearanceOf(const QPalette& palette)
{
    return palette.color(QPalette::Active, QPalette::Window).lightness() < 128 ? Appearance::Dark
                                                                               : Appearance::Light;
}

QColor colour(Token token, const QPalette& palette)
{
    return colour(token, appearanceOf(palette));
}

QPalette paletteFor(Appearance appearance)
{
    const auto of = [appearance](Token token) { return colour(token, appearance); };
    QPalette palette(of(Token::Raised), of(Token::Window));
    const std::array<std::pair<QPalette::ColorRole, Token>, 16> roles{
        {{QPalette::Window, Token::Window},
         {QPalette::WindowText, Token::Ink},
         {QPalette::Base, Token::Surface},
         {QPalette::AlternateBase, Token::Window},
         {QPalette::Text, Token::Ink},
         {QPalette::PlaceholderText, Token::InkQuiet},
         {QPalette::Button, Token::Raised},
         {QPalette::ButtonText, Token::Ink},
         {QPalette::BrightText, Token::AccentInk},
         {QPalette::Highlight, Token::Accent},
         {QPalette::HighlightedText, Token::AccentInk},
         {QPalette::ToolTipBase, Token::Raised},
         {QPalette::ToolTipText, Token::Ink},
         {QPalette::Link, Token::Accent},
         {QPalette::Mid, Token::Edge},
         {QPalette::Light, Token::Raised}}};
    for (const auto& [role, token] : roles)
        palette.setColor(role, of(token));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, of(Token::InkDisabled));
    palette.setColor(QPalette::Disabled, QPalette::Highlight, of(Token::Hairline));
    palette.setColor(QPalette::Disabled, QPalette::HighlightedText, of(Token::InkQuiet));
    return palette;
}

QFont typeface(TypeRole role)
{
    struct Size
    {
        int pixels;
        QFont::Weight weight;
    };
    static constexpr std::array<Size, 5> scale{{{11, QFont::Normal},
                                                {13, QFont::Normal},
                                                {13, QFont::DemiBold},
                                                {16, QFont::DemiBold},
                                                {24, QFont::DemiBold}}};
    // Without its faces the platform's font has to do: the console must open even then.
    static const bool loaded = document::loadFaces().has_value();
    QFont font = loaded ? document::font(document::Face::Regular, 100)
                        : QFontDatabase::systemFont(QFontDatabase::GeneralFont);
    font.setStyleStrategy(QFont::PreferAntialias); // and merging: names come in every script
    const Size& size = scale.at(static_cast<std::size_t>(role));
    font.setPixelSize(size.pixels);
    font.setWeight(size.weight);
    return font;
}

qreal contrast(const QColor& one, const QColor& other)
{
    const qreal a = luminance(one);
    const qreal b = luminance(other);
    return (std::max(a, b) + 0.05) / (std::min(a, b) + 0.05);
}

} // namespace billing::console
