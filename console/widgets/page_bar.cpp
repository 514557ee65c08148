#include "console/widgets/page_bar.h"

#include "console/widgets/icons.h"
#include "console/widgets/tokens.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QToolButton>

namespace billing::console {

namespace {

constexpr int fitWidth = -1;
constexpr int fitPage = -2;
constexpr int zoomWidth = 116;

QToolButton* button(Glyph glyph, const QString& name)
{
    auto* made = new QToolButton;
    made->setIcon(icon(glyph));
    made->setToolTip(name);
    made->setAccessibleName(name);
    made->setFocusPolicy(Qt::TabFocus);
    return made;
}

} // namespace

PageBar::PageBar(PageView& pages, QWidget* parent)
    : QWidget(parent)
    , m_pages(pages)
    , m_previous(button(Glyph::Up, tr("Previous page")))
    , m_next(button(Glyph::Down, tr("Next page")))
    , m_page(new Label(TypeRole::Body, nullptr, Token::InkQuiet))
    , m_zoom(new QComboBox)
{
    auto* smaller = button(Glyph::Minus, tr("Smaller"));
    auto* larger = button(Glyph::Plus, tr("Larger"));
    m_zoom->setAccessibleName(tr("Zoom"));
    m_zoom->setMinimumWidth(zoomWidth);
    m_zoom->addItem(tr("Fit width"), fitWidth);
    m_zoom->addItem(tr("Fit page"), fitPage);
    for (const int percent : {50, 75, 100, 125, 150, 200, 300, 400})
        m_zoom->addItem(tr("%1 %").arg(percent), percent);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(space::small, space::tight, space::small, space::tight);
    row->setSpacing(space::tight);
    row->addWidget(m_previous);
    row->addWidget(m_next);
    row->addWidget(m_page, 1);
    row->addWidget(smaller);
    row->addWidget(m_zoom);
    row->addWidget(larger);
    connect(m_previous, &QToolButton::clicked, this, [this] { m_pages.goToPage(m_pages.currentPage() - 1); });
    connect(m_next, &QToolButton::clicked, this, [this] { m_pages.goToPage(m_pages.currentPage() + 1); });
    connect(smaller, &QToolButton::clicked, &m_pages, &PageView::zoomOut);
    connect(larger, &QToolButton::clicked, &m_pages, &PageView::zoomIn);
    connect(m_zoom, &QComboBox::activated, this, &PageBar::takeZoom);
    connect(&m_pages, &PageView::laidOut, this, &PageBar::showPage);
    connect(&m_pages, &PageView::pageChanged, this, &PageBar::showPage);
    connect(&m_pages, &PageView::zoomChanged, this, &PageBar::showZoom);
    showPage();
    showZoom();
}

void PageBar::takeZoom()
{
    const int zoom = m_zoom->currentData().toInt();
    if (zoom == fitWidth)
        m_pages.setZoomMode(ZoomMode::FitWidth);
    else if (zoom == fitPage)
        m_pages.setZoomMode(ZoomMode::FitPage);
    else
        m_pages.setZoomPercent(zoom);
}

void PageBar::showPage()
{
    const int pages = m_pages.pageCount();
    const int page = m_pages.currentPage();
    m_previous->setEnabled(page > 0);
    m_next->setEnabled(page + 1 < pages);
    m_page->setText(pages == 0 ? QString() : tr("Page %1 of %2").arg(page + 1).arg(pages));
}

void PageBar::showZoom()
{
    int at = m_zoom->findData(m_pages.zoomMode() == ZoomMode::FitWidth ? fitWidth : fitPage);
    if (m_pages.zoomMode() == ZoomMode::Fixed)
        at = m_zoom->findData(m_pages.zoomPercent());
    m_zoom->setCurrentIndex(at);
    if (at < 0)
        m_zoom->setPlaceholderText(tr("%1 %").arg(m_pages.zoomPercent()));
}

} // namespace billing::console
