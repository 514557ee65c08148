#include "shared/document/measured_text.h"

#include "shared/document/characters.h"
#include "shared/document/reading_text.h"

#include <QFontMetricsF>
#include <QGlyphRun>
#include <QPainter>
#include <QRawFont>
#include <QSet>
#include <QTextOption>

#include <algorithm>
#include <cmath>

namespace billing::document {

namespace {

constexpr qreal leading = 1.42;
constexpr qreal air = 0.04; ///< between the ink of tall lines, of the size

HanForms& hanForms()
{
    thread_local HanForms forms = HanForms::Japanese;
    return forms;
}

/// Kana and Hangul say by themselves whose forms they stand among.
HanForms formsOf(const QString& text)
{
    for (const QChar unit : text) {
        if (unit.script() == QChar::Script_Hiragana || unit.script() == QChar::Script_Katakana)
            return HanForms::Japanese;
        if (unit.script() == QChar::Script_Hangul)
            return HanForms::Korean;
    }
    return hanForms();
}

QTextOption optionFor(const TextStyle& style, bool rightToLeft)
{
    // Left and right are the page's sides, whatever direction the text has.
    QTextOption option((style.align == Align::Right ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignAbsolute);
    option.setTextDirection(rightToLeft ? Qt::RightToLeft : Qt::LeftToRight);
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    option.setUseDesignMetrics(true);
    return option;
}

/// A font for each run that is not in the built-in face; runs without one are listed in lacking.
QList<QTextLayout::FormatRange> formatsOf(const Printable& printable, const TextStyle& style,
                                          std::vector<bool>& lacking)
{
    QList<QTextLayout::FormatRange> formats;
    const HanForms forms = formsOf(printable.text);
    for (const FaceRun& run : printable.runs) {
        if (run.face == invoiceSans)
            continue;
        const std::optional<QFont> font = fallbackFont(run.face, style.face, style.size, forms);
        if (font) {
            QTextLayout::FormatRange range{run.start, run.length, {}};
            range.format.setFont(*font);
            formats.push_back(range);
        } else {
            std::fill_n(lacking.begin() + run.start, run.length, true);
        }
    }
    return formats;
}

/// Whether it has a glyph for each character, in a font that was asked for.
bool isWhole(const QGlyphRun& run, const QSet<QString>& families)
{
    const QRawFont font = run.rawFont();
    return font.isValid() && families.contains(font.familyName()) && !run.glyphIndexes().contains(0U);
}

bool areWhole(const QList<QGlyphRun>& runs, const QSet<QString>& families)
{
    return std::all_of(runs.begin(), runs.end(),
                       [&families](const QGlyphRun& run) { return isWhole(run, families); });
}

/// Marks the clusters in other faces that were laid out otherwise.
void findLacking(const QTextLayout& layout, const QList<QTextLayout::FormatRange>& formats,
                 std::vector<bool>& lacking)
{
    QSet<QString> families{layout.font().family()};
    for (const QTextLayout::FormatRange& range : formats)
        families.insert(range.format.font().family());
    if (areWhole(layout.glyphRuns(), families))
        return;
    for (const QTextLayout::FormatRange& range : formats) {
        const QSet<QString> own{range.format.font().family()};
        const int end = range.start + range.length;
        if (areWhole(layout.glyphRuns(range.start, range.length), own))
            continue;
        for (int at = range.start; at < end;) {
            const int next = std::clamp(layout.nextCursorPosition(at), at + 1, end);
            if (!areWhole(layout.glyphRuns(at, next - at), own))
                lacking[static_cast<std::size_t>(at)] = true;
            at = next;
        }
    }
}

/// How far a line's ink reaches above and below its baseline.
struct Reach
{
    qreal above = 0, below = 0;
};

Reach reachOf(const QTextLine& line)
{
    Reach reach;
    const qreal baseline = line.y() + line.ascent();
    for (const QGlyphRun& run : line.glyphRuns()) {
        const QList<quint32> glyphs = run.glyphIndexes();
        const QList<QPointF> positions = run.positions();
        const QRawFont font = run.rawFont();
        for (qsizetype at = 0; at < glyphs.size(); ++at) {
            const QRectF ink = font.boundingRect(glyphs[at]);
            if (ink.isEmpty())
                continue;
            const qreal offset = positions[at].y() - baseline;
            reach.above = std::max(reach.above, -(ink.top() + offset));
            reach.below = std::max(reach.below, ink.bottom() + offset);
        }
    }
    return reach;
}

QString readingTextOf(const Printable& printable, const QTextLine& line)
{
    return printable.text.mid(line.textStart(), line.textLength()).remove(QChar(scriptBreak));
}

} // namespace

HanFormsScope::HanFormsScope(HanForms forms)
    : m_before(std::exchange(hanForms(), forms))
{
}

HanFormsScope::~HanFormsScope()
{
    hanForms() = m_before;
}

MeasuredText::MeasuredText(const QString& text, const TextStyle& style, qreal width)
    : m_style(style)
    , m_width(width)
    , m_lineHeight(std::round(style.size * leading))
{
    for (Printable& paragraph : paragraphsOf(text))
        layOut(std::move(paragraph));
}

void MeasuredText::layOut(Printable printable)
{
    std::unique_ptr<QTextLayout> layout = layoutOf(printable);
    constexpr int attempts = 4; // codes are plain text: one is enough unless they change what is beside them
    for (int attempt = 0; !printable.plain && attempt < attempts; ++attempt) {
        std::vector<bool> lacking(static_cast<std::size_t>(printable.text.size()), false);
        findLacking(*layout, formatsOf(printable, m_style, lacking), lacking);
        if (std::find(lacking.begin(), lacking.end(), true) == lacking.end())
            break;
        printable = withCodes(printable, lacking);
        layout = layoutOf(printable);
    }
    placeLines(std::make_shared<const Paragraph>(Paragraph{std::move(printable), std::move(layout)}));
}

std::unique_ptr<QTextLayout> MeasuredText::layoutOf(const Printable& printable) const
{
    auto layout = std::make_unique<QTextLayout>(
        printable.text,
        printable.plain ? font(m_style.face, m_style.size) : fontAmongOthers(m_style.face, m_style.size));
    layout->setTextOption(optionFor(m_style, printable.rightToLeft));
    layout->setCacheEnabled(true);
    if (!printable.plain) {
        std::vector<bool> lacking(static_cast<std::size_t>(printable.text.size()), false);
        layout->setFormats(formatsOf(printable, m_style, lacking));
    }
    layout->beginLayout();
    for (QTextLine line = layout->createLine(); line.isValid(); line = layout->createLine()) {
        line.setLineWidth(m_width);
        // Qt lets the last glyph of some scripts stand over the edge.
        const qreal excess = line.naturalTextWidth() - m_width;
        if (!printable.plain && excess > 0 && excess < m_width / 2)
            line.setLineWidth(m_width - excess);
    }
    layout->endLayout();
    return layout;
}

void MeasuredText::placeLines(const std::shared_ptr<const Paragraph>& paragraph)
{
    for (int number = 0; number < paragraph->layout->lineCount(); ++number) {
        QTextLine line = paragraph->layout->lineAt(number);
        const qreal top = height();
        if (paragraph->printable.plain) {
            const qreal above = (m_lineHeight - line.ascent() - line.descent()) / 2;
            line.setPosition({0, top + above});
            m_lines.push_back({paragraph, number, top + m_lineHeight});
            continue;
        }
        // The baseline stays where a plain line has it, unless ink would leave the line.
        const QFontMetricsF metrics(font(m_style.face, m_style.size));
        const qreal baseline = (m_lineHeight - metrics.ascent() - metrics.descent()) / 2 + metrics.ascent();
        const Reach reach = reachOf(line);
        const qreal extra = air * m_style.size;
        const qreal above = std::max(0.0, std::ceil(reach.above + extra - baseline));
        const qreal below = std::max(0.0, std::ceil(reach.below + extra - (m_lineHeight - baseline)));
        line.setPosition({0, top + above + baseline - line.ascent()});
        m_lines.push_back({paragraph, number, top + above + m_lineHeight + below});
    }
}

qreal MeasuredText::naturalWidth() const
{
    qreal widest = 0;
    for (const Line& line : m_lines)
        widest = std::max(widest, line.line().naturalTextWidth());
    return widest;
}

QString MeasuredText::text() const
{
    QString all;
    const Paragraph* before = nullptr;
    for (const Line& line : m_lines) {
        if (before && before != line.paragraph.get())
            all += QChar(QChar::LineSeparator);
        before = line.paragraph.get();
        all += before->printable.text.mid(line.line().textStart(), line.line().textLength());
    }
    if (all.endsWith(QChar(QChar::LineSeparator)))
        all.chop(1);
    return all;
}

int MeasuredText::linesWithin(qreal height) const
{
    const auto beyond = std::find_if(m_lines.begin(), m_lines.end(),
                                     [&](const Line& line) { return line.bottom - m_top > height; });
    return static_cast<int>(beyond - m_lines.begin());
}

std::vector<MeasuredText> MeasuredText::split(int linesAtMost) const
{
    std::vector<MeasuredText> parts;
    for (int first = 0; first < lineCount(); first += linesAtMost)
        parts.push_back(lines(first, std::min(first + linesAtMost, lineCount())));
    return parts;
}

MeasuredText MeasuredText::lines(int first, int end) const
{
    MeasuredText part = *this;
    part.m_lines.assign(m_lines.begin() + first, m_lines.begin() + end);
    part.m_top = first == 0 ? m_top : m_lines[static_cast<std::size_t>(first) - 1].bottom;
    return part;
}

void MeasuredText::draw(QPainter& painter, QPointF topLeft) const
{
    painter.setPen(m_style.colour);
    for (const Line& line : m_lines) {
        const Printable& printable = line.paragraph->printable;
        if (printable.needsReadingText())
            painter.setPen(ReadingText::colourFor(readingTextOf(printable, line.line()), m_style.colour));
        line.line().draw(&painter, topLeft - QPointF(0, m_top));
        if (printable.needsReadingText())
            painter.setPen(m_style.colour);
    }
}

qreal textWidth(const QString& text, const TextStyle& style)
{
    const std::vector<Printable> paragraphs = paragraphsOf(text);
    if (paragraphs.size() == 1 && paragraphs[0].plain)
        return QFontMetricsF(font(style.face, style.size)).horizontalAdvance(text);
    constexpr qreal unlimited = 1e6;
    return MeasuredText(text, style, unlimited).naturalWidth();
}

QString shortened(const QString& text, const TextStyle& style, qreal width)
{
    if (textWidth(text, style) <= width)
        return text;
    constexpr qsizetype tail = 8;
    QString kept;
    // The ellipsis takes the place of what is left out; halves that end within a pair become codes.
    for (qsizetype size = std::min<qsizetype>(text.size(), 100); size > 0; size = size * 4 / 5) {
        kept = text.left(size) + QChar(u'…') + text.right(std::min(tail, size));
        if (textWidth(kept, style) <= width)
            break;
    }
    return kept;
}

} // namespace billing::document
