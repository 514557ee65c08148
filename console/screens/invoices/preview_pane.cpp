#include "console/screens/invoices/preview_pane.h"

#include "console/screens/list_face.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QPainter>
#include <QStackedLayout>
#include <QToolButton>

namespace billing::console {

namespace {

constexpr int fitWidth = -1;
constexpr int fitPage = -2;

QToolButton* barButton(Glyph glyph, const QString& name)
{
    auto* button = new QToolButton;
    button->setIcon(icon(glyph));
    button->setToolTip(name);
    button->setAccessibleName(name);
    button->setFocusPolicy(Qt::TabFocus);
    return button;
}

} // namespace

PreviewPane::PreviewPane(InvoiceDocument& document, Executor& worker, QWidget* parent)
    : QWidget(parent)
    , m_document(document)
    , m_number(new ElidedLabel(TypeRole::Title))
    , m_customer(new ElidedLabel(TypeRole::Body, nullptr, Token::InkQuiet))
    , m_tier(new TierBadge)
    , m_status(new StatusPill)
    , m_notice(new NoticeBar)
    , m_previous(barButton(Glyph::Up, tr("Previous page")))
    , m_next(barButton(Glyph::Down, tr("Next page")))
    , m_page(new Label(TypeRole::Body, nullptr, Token::InkQuiet))
    , m_zoom(new QComboBox)
    , m_pages(new PageView(worker))
    , m_panel(new StatePanel)
    , m_faces(new QStackedLayout)
{
    setAccessibleName(tr("Preview"));
    m_pages->setAccessibleName(tr("Pages of the invoice"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_head = makeHead();
    m_bar = makeBar();
    column->addWidget(m_head);
    column->addWidget(m_notice);
    column->addLayout(m_faces, 1);
    column->addWidget(m_bar);
    m_faces->addWidget(m_panel);
    m_faces->addWidget(m_pages);

    connect(&m_document, &InvoiceDocument::stateChanged, this, &PreviewPane::showDocument);
    connect(m_panel, &StatePanel::actionTriggered, &m_document, &InvoiceDocument::reload);
    connect(m_notice, &NoticeBar::actionTriggered, &m_document, &InvoiceDocument::reload);
    connect(m_pages, &PageView::laidOut, this, &PreviewPane::showPage);
    connect(m_pages, &PageView::pageChanged, this, &PreviewPane::showPage);
    connect(m_pages, &PageView::zoomChanged, this, &PreviewPane::showZoom);
    connect(m_pages, &PageView::refused, this, [this](const Error& error) {
        m_panel->setText(panelOf(error));
        m_faces->setCurrentWidget(m_panel);
    });
    showDocument();
    showPage();
    showZoom();
}

QWidget* PreviewPane::makeHead()
{
    auto* head = new QWidget;
    auto* close = barButton(Glyph::Close, tr("Close the preview"));
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

QWidget* PreviewPane::makeBar()
{
    auto* bar = new QWidget;
    auto* smaller = barButton(Glyph::Minus, tr("Smaller"));
    auto* larger = barButton(Glyph::Plus, tr("Larger"));
    m_zoom->setAccessibleName(tr("Zoom"));
    m_zoom->setMinimumWidth(116);
    m_zoom->addItem(tr("Fit width"), fitWidth);
    m_zoom->addItem(tr("Fit page"), fitPage);
    for (const int percent : {50, 75, 100, 125, 150, 200, 300, 400})
        m_zoom->addItem(tr("%1 %").arg(percent), percent);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(space::small, space::tight, space::small, space::tight);
    row->setSpacing(space::tight);
    row->addWidget(m_previous);
    row->addWidget(m_next);
    row->addWidget(m_page, 1);
    row->addWidget(smaller);
    row->addWidget(m_zoom);
    row->addWidget(larger);
    connect(m_previous, &QToolButton::clicked, this,
            [this] { m_pages->goToPage(m_pages->currentPage() - 1); });
    connect(m_next, &QToolButton::clicked, this, [this] { m_pages->goToPage(m_pages->currentPage() + 1); });
    connect(smaller, &QToolButton::clicked, m_pages, &PageView::zoomOut);
    connect(larger, &QToolButton::clicked, m_pages, &PageView::zoomIn);
    connect(m_zoom, &QComboBox::activated, this, [this](int at) {
        const int zoom = m_zoom->itemData(at).toInt();
        if (zoom == fitWidth)
            m_pages->setZoomMode(ZoomMode::FitWidth);
        else if (zoom == fitPage)
            m_pages->setZoomMode(ZoomMode::FitPage);
        else
            m_pages->setZoomPercent(zoom);
    });
    return bar;
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
    m_pages->show(invoice);
}

void PreviewPane::showPage()
{
    const int pages = m_pages->pageCount();
    const int page = m_pages->currentPage();
    m_previous->setEnabled(page > 0);
    m_next->setEnabled(page + 1 < pages);
    m_page->setText(pages == 0 ? QString() : tr("Page %1 of %2").arg(page + 1).arg(pages));
}

void PreviewPane::showZoom()
{
    int at = m_zoom->findData(m_pages->zoomMode() == ZoomMode::FitWidth ? fitWidth : fitPage);
    if (m_pages->zoomMode() == ZoomMode::Fixed)
        at = m_zoom->findData(m_pages->zoomPercent());
    m_zoom->setCurrentIndex(at);
    if (at < 0)
        m_zoom->setPlaceholderText(tr("%1 %").arg(m_pages->zoomPercent()));
}

} // namespace billing::console
