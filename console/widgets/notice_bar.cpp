#include "console/widgets/notice_bar.h"

#include "console/widgets/icons.h"

#include <QBoxLayout>
#include <QPainter>
#include <QPushButton>
#include <QToolButton>

namespace billing::console {

namespace {

struct Look
{
    Token ink;
    Token surface;
    Glyph glyph;
};

Look lookOf(NoticeKind kind)
{
    switch (kind) {
    case NoticeKind::Success:
        return {Token::PositiveInk, Token::PositiveSurface, Glyph::Check};
    case NoticeKind::Warning:
        return {Token::WarningInk, Token::WarningSurface, Glyph::Warning};
    case NoticeKind::Failure:
        return {Token::DangerInk, Token::DangerSurface, Glyph::Failure};
    case NoticeKind::Information:
        break;
    }
    return {Token::NeutralInk, Token::NeutralSurface, Glyph::Failure};
}

} // namespace

NoticeBar::NoticeBar(QWidget* parent)
    : QWidget(parent)
    , m_text(new Label(TypeRole::Body))
    , m_action(new QPushButton)
    , m_close(new QToolButton)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    m_text->setWordWrap(true);
    m_text->setMinimumHeight(measure::control);
    m_close->setIcon(icon(Glyph::Close));
    m_close->setAccessibleName(tr("Close this message"));
    m_close->setToolTip(tr("Close"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(space::medium + measure::icon + space::small, space::tight, space::small,
                            space::tight);
    row->addWidget(m_text, 1);
    row->addWidget(m_action);
    row->addWidget(m_close);
    connect(m_action, &QPushButton::clicked, this, &NoticeBar::actionTriggered);
    connect(m_close, &QToolButton::clicked, this, &QWidget::hide);
    hide();
}

void NoticeBar::tell(NoticeKind kind, const QString& text, const QString& action)
{
    m_kind = kind;
    m_text->setText(text);
    m_text->setInk(lookOf(kind).ink);
    m_action->setText(action);
    m_action->setHidden(action.isEmpty());
    setAccessibleName(text);
    update();
    show();
}

void NoticeBar::paintEvent(QPaintEvent*)
{
    const Look look = lookOf(m_kind);
    QPainter painter(this);
    painter.fillRect(rect(), colour(look.surface, palette()));
    painter.fillRect(QRect(0, height() - 1, width(), 1), colour(Token::Hairline, palette()));
    drawGlyph(painter, look.glyph,
              {space::medium, (height() - measure::icon) / 2.0, measure::icon, measure::icon},
              colour(look.ink, palette()));
}

} // namespace billing::console
