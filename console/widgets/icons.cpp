#include "console/widgets/icons.h"

#include "console/widgets/tokens.h"

#include <QGuiApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPainterPath>

#include <array>

namespace billing::console {

namespace {

// SVG's own path letters, absolute: M x,y  L x,y  C x,y x,y x,y  Z, and O cx,cy,r for a circle.
constexpr std::array<const char*, glyphCount> paths{
    "M2.5,14 L2.5,4 L9,2 L9,14 M9,6.5 L13.5,8 L13.5,14 M1.5,14 L14.5,14 M5,6 L6.5,6 M5,9 L6.5,9 "
    "M5,12 L6.5,12", // Tenants
    "M3.5,1.5 L9.5,1.5 L12.5,4.5 L12.5,14.5 L3.5,14.5 Z M9.5,1.5 L9.5,4.5 L12.5,4.5 M6,8 L10,8 M6,11 "
    "L10,11",                     // Invoices
    "O7,7,4.5 M10.3,10.3 L14,14", // Search
    "M13,8 C13,10.8 10.8,13 8,13 C5.2,13 3,10.8 3,8 C3,5.2 5.2,3 8,3 C9.9,3 11.5,4 12.4,5.5 "
    "M12.6,2.2 L12.6,5.7 "
    "L9.1,5.7", // Refresh
    "M4,6 L4,1.5 L12,1.5 L12,6 M4,12 L2,12 L2,6 L14,6 L14,12 L12,12 M4,9.5 L12,9.5 L12,14.5 L4,14.5 "
    "Z", // Print
    "M11.5,5.5 L11.5,4.5 L8.5,1.5 L2.5,1.5 L2.5,14.5 L6,14.5 M8.5,1.5 L8.5,4.5 L11.5,4.5 "
    "O10.2,10.2,2.7 M12.2,12.2 "
    "L14.5,14.5",                                                                           // PrintPreview
    "M8,2 L8,10 M4.8,7 L8,10.2 L11.2,7 M2.5,11 L2.5,14 L13.5,14 L13.5,11",                  // Export
    "M5.5,5.5 L13.5,5.5 L13.5,14 L5.5,14 Z M3.5,10.5 L2.5,10.5 L2.5,2 L10.5,2 L10.5,3.5",   // Copy
    "M6.5,2 L2.5,2 L2.5,14 L6.5,14 M6.5,8 L13.5,8 M10.5,5 L13.5,8 L10.5,11",                // SignOut
    "O8,8,5.5 M8,2.5 L8,13.5 M10,3.5 L10,12.5 M12,5 L12,11",                                // Appearance
    "M10,3 L5,8 L10,13",                                                                    // Previous
    "M6,3 L11,8 L6,13",                                                                     // Next
    "M3,10 L8,5 L13,10",                                                                    // Up
    "M3,6 L8,11 L13,6",                                                                     // Down
    "M8,3 L8,13 M3,8 L13,8",                                                                // Plus
    "M3,8 L13,8",                                                                           // Minus
    "M2,3 L2,13 M14,3 L14,13 M4.5,8 L11.5,8 M6.5,6 L4.5,8 L6.5,10 M9.5,6 L11.5,8 L9.5,10",  // FitWidth
    "M4,4 L12,12 M12,4 L4,12",                                                              // Close
    "M8,2 L14.5,13.5 L1.5,13.5 Z M8,6.5 L8,9.5 M8,11.4 L8,11.7",                            // Warning
    "O8,8,6 M8,4.8 L8,8.6 M8,11 L8,11.3",                                                   // Failure
    "M1.5,6 C5,2.5 11,2.5 14.5,6 M4.2,9 C6.2,7 9.8,7 11.8,9 M8,12 L8,12.3 M3,14 L13,2",     // Offline
    "M3.5,7 L12.5,7 L12.5,14 L3.5,14 Z M5.5,7 L5.5,4.5 C5.5,1.2 10.5,1.2 10.5,4.5 L10.5,7", // Lock
    "M1.5,13 L1.5,3 L6,3 L7.5,5 L14.5,5 L14.5,13 Z",                                        // Folder
    "M3,8.5 L6.5,12 L13,4.5",                                                               // Check
    "M2,3.5 L14,3.5 L14,14 L2,14 Z M2,7 L14,7 M5,1.5 L5,4.5 M11,1.5 L11,4.5",               // Calendar
};

QPainterPath parsed(const char* text)
{
    QPainterPath path;
    const QStringList words = QString::fromLatin1(text).simplified().split(QLatin1Char(' '));
    const auto number = [&words](qsizetype word, int at) {
        const QString& said = words.at(word);
        return (said.front().isLetter() ? said.mid(1) : said).section(QLatin1Char(','), at, at).toDouble();
    };
    const auto point = [&number](qsizetype word) { return QPointF(number(word, 0), number(word, 1)); };
    for (qsizetype word = 0; word < words.size(); ++word) {
        switch (words.at(word).front().toLatin1()) {
        case 'M':
            path.moveTo(point(word));
            break;
        case 'L':
            path.lineTo(point(word));
            break;
        case 'C':
            path.cubicTo(point(word), point(word + 1), point(word + 2));
            word += 2;
            break;
        case 'O':
            path.addEllipse(point(word), number(word, 2), number(word, 2));
            break;
        default:
            path.closeSubpath();
        }
    }
    return path;
}

const QPainterPath& pathOf(Glyph glyph)
{
    static const std::array<QPainterPath, glyphCount> made = [] {
        std::array<QPainterPath, glyphCount> all;
        for (std::size_t i = 0; i < all.size(); ++i)
            all[i] = parsed(paths[i]);
        return all;
    }();
    return made.at(static_cast<std::size_t>(glyph));
}

class GlyphEngine final : public QIconEngine
{
public:
    explicit GlyphEngine(Glyph glyph)
        : m_glyph(glyph)
    {
    }

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override
    {
        const Token token = mode == QIcon::Disabled ? Token::InkDisabled : Token::Ink;
        drawGlyph(*painter, m_glyph, rect, colour(token, QGuiApplication::palette()));
    }
    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override
    {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, pixmap.rect(), mode, state);
        return pixmap;
    }
    QIconEngine* clone() const override { return new GlyphEngine(m_glyph); }

private:
    Glyph m_glyph;
};

} // namespace

void drawGlyph(QPainter& painter, Glyph glyph, const QRectF& box, const QColor& colour)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.translate(box.topLeft());
    painter.scale(box.width() / 16, box.height() / 16);
    painter.setPen(QPen(colour, 1.4, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(Qt::NoBrush);
    painter.drawPath(pathOf(glyph));
    painter.restore();
}

QIcon icon(Glyph glyph)
{
    return QIcon(new GlyphEngine(glyph));
}

} // namespace billing::console
