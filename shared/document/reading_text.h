// What readers of a PDF find when they search or copy. Qt's writer tells them one character of the first
// plane for each glyph, so joined letters of Indic scripts, Khmer or Myanmar, emoji and rare Han characters
// are lost to them. Lines set in other faces are therefore drawn in a colour that carries their number, in
// bits far below what can be seen, and afterwards each gets its text as /ActualText. Lines with text from
// right to left are left as they are: readers reorder those themselves, glyph by glyph. Pure but for the
// recorder of the thread. Source: ISO 32000-1 sections 14.6 and 14.9.4; PDF/A-1 allows both.
#pragma once

#include "shared/kernel/result.h"

#include <QByteArray>
#include <QColor>
#include <QString>

#include <vector>

namespace billing::document {

/// While it lives, text drawn in this thread is numbered and kept.
class ReadingText
{
public:
    ReadingText();
    ~ReadingText();
    ReadingText(const ReadingText&) = delete;
    ReadingText& operator=(const ReadingText&) = delete;

    /// The colour to draw that line in: the same, unless somebody records.
    static QColor colourFor(const QString& line, const QColor& colour);

    const std::vector<QString>& lines() const { return m_lines; }

private:
    ReadingText* m_before;
    std::vector<QString> m_lines;
};

/// Puts the lines into a PDF that they were drawn into. Refuses RenderFailed when it does not look as Qt
/// 6.4's writer makes it. A PDF is left as it is, byte for byte, when there are none.
Result<void> addReadingText(QByteArray& pdf, const std::vector<QString>& lines);

} // namespace billing::document
