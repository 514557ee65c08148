#include "console/widgets/labels.h"

#include <QEvent>

namespace billing::console {

Label::Label(TypeRole role, QWidget* parent, Token ink)
    : QLabel(parent)
    , m_ink(ink)
{
    setTextFormat(Qt::PlainText);
    setFont(typeface(role));
    tint();
}

void Label::setInk(Token ink)
{
    m_ink = ink;
    tint();
}

void Label::changeEvent(QEvent* event)
{
    QLabel::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && !m_tinting)
        tint();
}

void Label::tint()
{
    m_tinting = true;
    QPalette tinted;
    tinted.setColor(QPalette::WindowText, colour(m_ink, palette()));
    setPalette(tinted);
    m_tinting = false;
}

void ElidedLabel::setFullText(const QString& text)
{
    m_fullText = text;
    setAccessibleName(text);
    updateGeometry();
    elide();
}

QSize ElidedLabel::minimumSizeHint() const
{
    return {fontMetrics().horizontalAdvance(QStringLiteral("Mmm…")), QLabel::minimumSizeHint().height()};
}

QSize ElidedLabel::sizeHint() const
{
    return {fontMetrics().horizontalAdvance(m_fullText) + 2, QLabel::sizeHint().height()};
}

void ElidedLabel::resizeEvent(QResizeEvent* event)
{
    QLabel::resizeEvent(event);
    elide();
}

void ElidedLabel::elide()
{
    // A line feed in a name would make a second line that nobody sees.
    QString line = m_fullText;
    line.replace(QLatin1Char('\n'), QLatin1Char(' '));
    const QString shown = fontMetrics().elidedText(line, Qt::ElideRight, width());
    setText(shown);
    setToolTip(shown == m_fullText ? QString() : plainTip(m_fullText));
}

QString plainTip(const QString& text)
{
    return text.isEmpty() ? QString() : Qt::convertFromPlainText(text, Qt::WhiteSpaceNormal);
}

} // namespace billing::console
