#include "console/widgets/labels.h"

#include <QAction>
#include <QClipboard>
#include <QEvent>
#include <QGuiApplication>
#include <QPainter>
#include <QTextLayout>

#include <cmath>

namespace billing::console {

Label::Label(TypeRole role, QWidget* parent, Token ink)
    : QLabel(parent)
    , m_ink(ink)
{
    setTextFormat(Qt::PlainText);
    setFont(typeface(role));
    setForegroundRole(QPalette::WindowText); // whatever role the ground behind it has
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

WrappedLabel::WrappedLabel(TypeRole role, QWidget* parent, Token ink, Qt::Alignment side)
    : QWidget(parent)
    , m_ink(ink)
    , m_side(side)
{
    setFont(typeface(role));
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    auto* copy = new QAction(tr("&Copy"), this);
    connect(copy, &QAction::triggered, this, [this] { QGuiApplication::clipboard()->setText(m_text); });
    addAction(copy);
    setContextMenuPolicy(Qt::ActionsContextMenu);
}

void WrappedLabel::setText(const QString& text)
{
    m_text = text;
    setAccessibleName(text);
    updateGeometry();
    update();
}

qreal WrappedLabel::layOut(QTextLayout& layout, int width) const
{
    QTextOption option(m_side);
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    layout.setTextOption(option);
    qreal y = 0;
    layout.beginLayout();
    for (QTextLine line = layout.createLine(); line.isValid(); line = layout.createLine()) {
        line.setLineWidth(width);
        line.setPosition({0, y});
        y += std::ceil(line.height() * 1.15);
    }
    layout.endLayout();
    return y;
}

int WrappedLabel::heightForWidth(int width) const
{
    QTextLayout layout(QString(m_text).replace(QLatin1Char('\n'), QChar::LineSeparator), font());
    return static_cast<int>(std::ceil(layOut(layout, std::clamp(width, minimumWidth(), maximumWidth()))));
}

QSize WrappedLabel::sizeHint() const
{
    constexpr int comfortable = 320;
    const int natural =
        fontMetrics().boundingRect({0, 0, comfortable, 1 << 20}, Qt::TextWordWrap, m_text).width() + 2;
    const int width = std::clamp(std::min(natural, comfortable), minimumWidth(), maximumWidth());
    return {width, heightForWidth(width)};
}

QSize WrappedLabel::minimumSizeHint() const
{
    return {fontMetrics().horizontalAdvance(QStringLiteral("Mmmmm")), fontMetrics().height()};
}

void WrappedLabel::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setPen(colour(m_ink, palette()));
    QTextLayout layout(QString(m_text).replace(QLatin1Char('\n'), QChar::LineSeparator), font());
    layOut(layout, width());
    layout.draw(&painter, {0, 0});
}

QString plainTip(const QString& text)
{
    return text.isEmpty() ? QString() : Qt::convertFromPlainText(text, Qt::WhiteSpaceNormal);
}

} // namespace billing::console
