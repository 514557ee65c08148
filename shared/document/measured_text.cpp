#include "shared/document/measured_text.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QTextOption>

#include <algorithm>
#include <cmath>

namespace billing::document {

namespace {

constexpr qreal leading = 1.42;

} // namespace

MeasuredText::MeasuredText(const QString& text, const TextStyle& style, qreal width)
    : m_style(style)
    , m_width(width)
    , m_lineHeight(std::round(style.size * leading))
{
    QString broken = text;
    broken.replace(QLatin1Char('\n'), QChar(QChar::LineSeparator));
    m_layout = std::make_unique<QTextLayout>(broken, font(style.face, style.size));
    QTextOption option(style.align == Align::Right ? Qt::AlignRight : Qt::AlignLeft);
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    option.setUseDesignMetrics(true);
    m_layout->setTextOption(option);
    m_layout->setCacheEnabled(true);
    m_layout->beginLayout();
    for (QTextLine line = m_layout->createLine(); line.isValid(); line = m_layout->createLine()) {
        line.setLineWidth(width);
        const qreal above = (m_lineHeight - line.ascent() - line.descent()) / 2;
        line.setPosition({0, line.lineNumber() * m_lineHeight + above});
    }
    m_layout->endLayout();
}

qreal MeasuredText::naturalWidth() const
{
    qreal widest = 0;
    for (int line = 0; line < m_layout->lineCount(); ++line)
        widest = std::max(widest, m_layout->lineAt(line).naturalTextWidth());
    return widest;
}

std::vector<MeasuredText> MeasuredText::split(int linesAtMost) const
{
    std::vector<MeasuredText> parts;
    for (int first = 0; first < lineCount(); first += linesAtMost) {
        const QTextLine last = m_layout->lineAt(std::min(first + linesAtMost, lineCount()) - 1);
        const int start = m_layout->lineAt(first).textStart();
        QString part = m_layout->text().mid(start, last.textStart() + last.textLength() - start);
        if (part.endsWith(QChar(QChar::LineSeparator)))
            part.chop(1);
        parts.emplace_back(part, m_style, m_width);
    }
    return parts;
}

void MeasuredText::draw(QPainter& painter, QPointF topLeft) const
{
    painter.setPen(m_style.colour);
    m_layout->draw(&painter, topLeft);
}

qreal textWidth(const QString& text, const TextStyle& style)
{
    return QFontMetricsF(font(style.face, style.size)).horizontalAdvance(text);
}

} // namespace billing::document
