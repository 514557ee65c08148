// Text broken into lines for a width and measured, ready to be drawn as often as wanted. Words wrap; a word
// wider than the line breaks inside, so nothing is ever cut. Needs a QGuiApplication; one thread.
#pragma once

#include "shared/document/faces.h"

#include <QColor>
#include <QTextLayout>

#include <memory>
#include <vector>

class QPainter;

namespace billing::document {

enum class Align
{
    Left,
    Right
};

struct TextStyle
{
    Face face = Face::Regular;
    int size = 90; ///< decipoints
    QColor colour = QColor(0x16, 0x18, 0x1D);
    Align align = Align::Left;
};

class MeasuredText
{
public:
    MeasuredText(const QString& text, const TextStyle& style, qreal width);

    qreal height() const { return m_lineHeight * m_layout->lineCount(); }
    qreal lineHeight() const { return m_lineHeight; }
    int lineCount() const { return m_layout->lineCount(); }
    qreal naturalWidth() const; ///< of the widest line
    QString text() const { return m_layout->text(); }
    Face face() const { return m_style.face; }

    /// The same text as several that hold at most so many lines each.
    std::vector<MeasuredText> split(int linesAtMost) const;

    void draw(QPainter& painter, QPointF topLeft) const;

private:
    std::unique_ptr<QTextLayout> m_layout;
    TextStyle m_style;
    qreal m_width;
    qreal m_lineHeight;
};

/// The width of text on one line.
qreal textWidth(const QString& text, const TextStyle& style);

} // namespace billing::document
