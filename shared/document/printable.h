// Text as paper can show it. What has no glyph in any face, and what would not be seen (control characters,
// invisible ones without work to do, overrides of the reading direction), is written as its code: "‹U+0007›".
// Nothing is refused and nothing dropped. Invisible characters stay what they are where a script needs them:
// joiners in Arabic, Indic and emoji, variation selectors (which are left out: a face has one form), word
// spaces in Thai, Lao, Khmer and Myanmar, direction marks and whole isolates in text that runs from right to
// left, soft hyphens. At most eight marks stand on one letter, and at most six letters or pictures are joined
// so that no line could break between them; the others are written as codes. Needs no QGuiApplication; any
// thread.
#pragma once

#include "shared/document/fallback_faces.h"

#include <QString>

#include <vector>

namespace billing::document {

/// A stretch of text set in one face.
struct FaceRun
{
    int start;
    int length;
    FaceNumber face;
};

/// One paragraph, ready for layout: its line breaks are gone or, in plain text, line separators.
struct Printable
{
    QString text;
    /// Everything is in Invoice Sans, runs from left to right and stays inside its line: no runs are needed.
    bool plain = true;
    bool rightToLeft = false;    ///< its base direction
    bool hasRightToLeft = false; ///< somewhere
    std::vector<FaceRun> runs = {};

    /// Whether it has glyphs of other faces in the order of their characters (reading_text.h).
    bool needsReadingText() const;
};

/// In reading order; never empty. Plain text is one paragraph with line separators, other text one for each
/// of its lines, so that each has a direction of its own (that of its first strong character).
std::vector<Printable> paragraphsOf(const QString& text);

/// The same paragraph with more characters written as codes: those of the clusters that begin where it says.
Printable withCodes(const Printable& paragraph, const std::vector<bool>& asCode);

/// The characters of a text that are written as codes, in its order and each once.
std::vector<char32_t> charactersAsCodes(const QString& text);

/// "U+0007", "U+1F600"
QString codeOf(char32_t character);

/// For a text that becomes part of another: kept apart from its neighbours when it may run from right to
/// left, else as it is.
QString isolated(const QString& text);

/// A number and a word behind it, the number in its own order even when the word runs from right to left.
QString numberBefore(const QString& number, const QString& word);

} // namespace billing::document
