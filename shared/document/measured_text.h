// Text broken into lines for a width and measured, ready to be drawn as often as wanted. Words wrap; a word
// wider than the line breaks inside, so nothing is ever cut. What has no glyph is written as its code
// (printable.h), runs of other scripts are set in their own faces, and each line of such a text has its own
// direction; a line that they make taller gets the room it needs. Needs a QGuiApplication; one thread.
#pragma once

#include "shared/document/faces.h"
#include "shared/document/printable.h"

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

/// The forms that Han characters take in texts measured from here on in this thread, until it ends.
class HanFormsScope
{
public:
    explicit HanFormsScope(HanForms forms);
    ~HanFormsScope();
    HanFormsScope(const HanFormsScope&) = delete;
    HanFormsScope& operator=(const HanFormsScope&) = delete;

private:
    HanForms m_before;
};

class MeasuredText
{
public:
    MeasuredText(const QString& text, const TextStyle& style, qreal width);

    qreal height() const { return m_lines.empty() ? 0 : m_lines.back().bottom - m_top; }
    qreal lineHeight() const { return m_lineHeight; } ///< of a plain line
    int lineCount() const { return static_cast<int>(m_lines.size()); }
    qreal naturalWidth() const; ///< of the widest line
    QString text() const;       ///< as printed, with codes; its paragraphs parted by line separators
    Face face() const { return m_style.face; }

    /// How many lines lie wholly above that height.
    int linesWithin(qreal height) const;
    /// Where a line ends, from the top.
    qreal bottomOf(int line) const { return m_lines[static_cast<std::size_t>(line)].bottom - m_top; }
    /// The same text as several that hold at most so many lines each.
    std::vector<MeasuredText> split(int linesAtMost) const;
    /// Those lines (from the first, up to the second) as they are, without measuring again.
    MeasuredText lines(int first, int end) const;

    void draw(QPainter& painter, QPointF topLeft) const;

private:
    struct Paragraph
    {
        Printable printable;
        std::unique_ptr<QTextLayout> layout;
    };

    struct Line
    {
        std::shared_ptr<const Paragraph> paragraph;
        int number;   ///< in its paragraph
        qreal bottom; ///< from the top of the whole text

        QTextLine line() const { return paragraph->layout->lineAt(number); }
    };

    void layOut(Printable printable);
    std::unique_ptr<QTextLayout> layoutOf(const Printable& printable) const;
    void placeLines(const std::shared_ptr<const Paragraph>& paragraph);

    std::vector<Line> m_lines = {};
    TextStyle m_style;
    qreal m_width;
    qreal m_lineHeight;
    qreal m_top = 0; ///< of these lines in the whole text
};

/// The width of text on one line.
qreal textWidth(const QString& text, const TextStyle& style);

/// The text, or when it is wider than that its beginning and end around an ellipsis: for what is printed in
/// full elsewhere.
QString shortened(const QString& text, const TextStyle& style, qreal width);

} // namespace billing::document
