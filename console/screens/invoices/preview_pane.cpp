#include "console/screens/invoices/preview_pane.h"

#include "console/screens/list_face.h"

#include <QBoxLayout>
#include <QPainter>
#include <QStackedLayout>
#include <QToolButton>

namespace billing::console {

PreviewPane::PreviewPane(InvoiceDocument& document, Executor& worker, QWidget* parent)
    : QWidget(parent)
    , m_document(document)
    , m_number(new ElidedLabel(TypeRole::Title))
    , m_customer(new ElidedLabel(TypeRole::Body, nullptr, Token::InkQuiet))
    , m_tier(new TierBadge)
    , m_status(new StatusPill)
    , m_notice(new NoticeBar)
    , m_pages(new PageView(worker))
    , m_bar(new PageBar(*m_pages))
    , m_panel(new StatePanel)
    , m_faces(new QStackedLayout)
{
    setAccessibleName(tr("Preview"));
    m_pages->setAccessibleName(tr("Pages of the invoice"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_head = makeHead();
    column->addWidget(m_head);
    column->addWidget(m_notice);
    column->addLayout(m_faces, 1);
    column->addWidget(m_bar);
    m_faces->addWidget(m_panel);
    m_faces->addWidget(m_pages);

    connect(&m_document, &InvoiceDocument::stateChanged, this, &PreviewPane::showDocument);
    connect(m_panel, &StatePanel::actionTriggered, &m_document, &InvoiceDocument::reload);
    connect(m_notice, &NoticeBar::actionTriggered, &m_document, &InvoiceDocument::reload);
    connect(m_pages, &PageView::refused, this, [this](const Error& error) {
        m_panel->setText(panelOf(error));
        m_faces->setCurrentWidget(m_panel);
    });
    showDocument();
}

QWidget* PreviewPane::makeHead()
{
    auto* head = new QWidget;
    auto* close = new QToolButton;
    close->setIcon(icon(Glyph::Close));
    close->setToolTip(tr("Close the preview"));
    close->setAccessibleName(tr("Close the preview"));
    close->setFocusPolicy(Qt::TabFocus);
    connect(close, &QToolButton::clicked, this, &PreviewPane::closeWanted);
    auto* title = new QHBoxLayout;
    title->setSpacing(space::medium);
    title->addWidget(m_number, 1);
    title->addWidget(m_status);
    title->addWidget(close);
    auto* second = new QHBoxLayout;
    second->setSpacing(space::medium);
    second->addWidget(m_customer, 1);
    second->addWidget(m_tier);
    auto* rows = new QVBoxLayout(head);
    rows->setContentsMargins(space::large, space::small, space::small, space::medium);
    rows->setSpacing(space::tight);
    rows->addLayout(title);
    second->setContentsMargins(0, 0, space::small, 0);
    rows->addLayout(second);
    return head;
}

void PreviewPane::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), colour(Token::Surface, palette()));
    painter.fillRect(QRect(0, m_head->geometry().bottom(), width(), 1), colour(Token::Hairline, palette()));
    painter.fillRect(QRect(0, m_bar->y(), width(), 1), colour(Token::Hairline, palette()));
}

void PreviewPane::showDocument()
{
    const ListState state = m_document.state();
    const std::shared_ptr<const Invoice> invoice = m_document.invoice();
    m_notice->hide();
    const bool away = state == ListState::Failed || state == ListState::Offline;
    if (away && !invoice)
        m_panel->setText(panelOf(m_document.error().value_or(Error{ErrorCode::Internal})));
    else if (away)
        m_notice->tell(NoticeKind::Warning, tr("Could not be read again. You see what was last known."),
                       tr("&Try again"));
    else if (state == ListState::Loading)
        m_panel->setText({PanelKind::Loading, tr("Loading"), {}, {}, {}});
    else if (state == ListState::Idle)
        m_panel->setText({PanelKind::Empty,
                          tr("No invoice chosen"),
                          tr("Choose one in the list to see its pages."),
                          {},
                          {}});
    m_head->setVisible(invoice != nullptr);
    m_bar->setVisible(invoice != nullptr);
    if (!invoice) {
        m_shown = nullptr;
        m_pages->clear();
        m_faces->setCurrentWidget(m_panel);
        return;
    }
    m_faces->setCurrentWidget(m_pages);
    if (std::exchange(m_shown, invoice) == invoice)
        return;
    m_number->setFullText(invoice->number ? QString::fromUtf8(invoice->number->c_str()) : tr("Draft"));
    m_customer->setFullText(QString::fromUtf8(invoice->buyer.name.c_str()));
    m_tier->setTier(invoice->tier);
    m_status->setStatus(invoice->status);
    m_pages->show({{invoice}});
}

} // namespace billing::console
