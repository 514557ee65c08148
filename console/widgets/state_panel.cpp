#include "console/widgets/state_panel.h"

#include <QBoxLayout>
#include <QPainter>
#include <QPushButton>
#include <QStackedLayout>

namespace billing::console {

namespace {

constexpr int breathMs = 60;
constexpr int breaths = 32;
constexpr int unseenMs = 150; ///< a wait shorter than this shows nothing: no flicker
constexpr int textWidth = 420;
constexpr int signSize = 40;

struct Sign
{
    Glyph glyph;
    Token ink;
};

Sign signOf(PanelKind kind)
{
    switch (kind) {
    case PanelKind::Failed:
        return {Glyph::Failure, Token::DangerInk};
    case PanelKind::Offline:
        return {Glyph::Offline, Token::WarningInk};
    case PanelKind::Empty:
    case PanelKind::Loading:
        break;
    }
    return {Glyph::Invoices, Token::InkQuiet};
}

/// Paints itself anew when the palette changes, as a pixmap would not.
class SignLabel : public QLabel
{
public:
    using QLabel::QLabel;

    void setSign(Sign sign)
    {
        m_sign = sign;
        update();
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        drawGlyph(painter, m_sign.glyph, rect(), colour(m_sign.ink, palette()));
    }

private:
    Sign m_sign{Glyph::Invoices, Token::InkQuiet};
};

} // namespace

Skeleton::Skeleton(QWidget* parent)
    : QWidget(parent)
{
    m_beat.setInterval(breathMs);
    connect(&m_beat, &QTimer::timeout, this, [this] {
        m_phase = (m_phase + 1) % breaths;
        update();
    });
    m_delay.setSingleShot(true);
    m_delay.setInterval(unseenMs);
    connect(&m_delay, &QTimer::timeout, this, [this] {
        m_drawn = true;
        m_beat.start();
        update();
    });
}

void Skeleton::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    m_delay.start();
}

void Skeleton::hideEvent(QHideEvent* event)
{
    QWidget::hideEvent(event);
    m_delay.stop();
    m_beat.stop();
    m_drawn = false;
}

void Skeleton::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), colour(Token::Surface, palette()));
    if (!m_drawn)
        return;
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    const qreal depth = 0.55 + 0.45 * qAbs(m_phase - breaths / 2) / (breaths / 2.0);
    painter.setOpacity(depth);
    painter.setBrush(colour(Token::NeutralSurface, palette()));
    for (int row = 0; row * measure::row < height(); ++row) {
        const qreal y = row * measure::row + (measure::row - 12) / 2.0;
        qreal x = space::medium;
        for (const qreal share : {0.16, 0.34, 0.12, 0.14}) {
            const qreal length = share * width() * (row % 3 == 1 ? 0.8 : 0.9);
            painter.drawRoundedRect(QRectF(x, y, length, 12), radius::small, radius::small);
            x += share * width() + space::huge;
        }
    }
}

StatePanel::StatePanel(QWidget* parent)
    : QWidget(parent)
    , m_faces(new QStackedLayout(this))
    , m_skeleton(new Skeleton)
    , m_words(new QWidget)
    , m_sign(new SignLabel)
    , m_headline(new WrappedLabel(TypeRole::Title, nullptr, Token::Ink, Qt::AlignHCenter))
    , m_advice(new WrappedLabel(TypeRole::Body, nullptr, Token::InkQuiet, Qt::AlignHCenter))
    , m_code(new WrappedLabel(TypeRole::Caption, nullptr, Token::InkQuiet, Qt::AlignHCenter))
    , m_action(new QPushButton)
{
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    m_words->setAutoFillBackground(true);
    m_words->setBackgroundRole(QPalette::Base);
    m_sign->setFixedSize(signSize, signSize);
    for (WrappedLabel* label : {m_headline, m_advice, m_code})
        label->setFixedWidth(textWidth);
    auto* column = new QVBoxLayout(m_words);
    column->setSpacing(space::small);
    column->addStretch(2);
    column->addWidget(m_sign, 0, Qt::AlignHCenter);
    column->addSpacing(space::small);
    for (WrappedLabel* label : {m_headline, m_advice, m_code})
        column->addWidget(label, 0, Qt::AlignHCenter);
    column->addSpacing(space::small);
    column->addWidget(m_action, 0, Qt::AlignHCenter);
    column->addStretch(3);
    m_faces->addWidget(m_words);
    m_faces->addWidget(m_skeleton);
    connect(m_action, &QPushButton::clicked, this, &StatePanel::actionTriggered);
}

void StatePanel::setText(const PanelText& text)
{
    m_text = text;
    m_headline->setText(text.headline);
    m_advice->setText(text.advice);
    m_advice->setHidden(text.advice.isEmpty());
    m_code->setText(text.code);
    m_code->setHidden(text.code.isEmpty());
    m_action->setText(text.action);
    m_action->setHidden(text.action.isEmpty());
    static_cast<SignLabel*>(m_sign)->setSign(signOf(text.kind));
    m_faces->setCurrentWidget(text.kind == PanelKind::Loading ? static_cast<QWidget*>(m_skeleton) : m_words);
    setAccessibleName(text.headline);
    setAccessibleDescription(text.advice);
}

} // namespace billing::console
