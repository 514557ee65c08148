#include "console/widgets/page_view.h"

#include "console/widgets/answer_to.h"
#include "console/widgets/tokens.h"

#include <QKeyEvent>
#include <QPainter>
#include <QScrollBar>
#include <QWheelEvent>

#include <algorithm>
#include <array>
#include <cmath>

namespace billing::console {

namespace {

constexpr qreal fullScale = 96.0 / document::unitsPerInch;
constexpr int gap = space::large;
constexpr int margin = space::huge;
constexpr int tileSide = 768; ///< device pixels
constexpr int cachedKilobytes = 96 * 1024;
constexpr std::size_t asksAtOnce = 2; ///< few, so that what has scrolled away is not painted any more
constexpr std::array percents{25, 33, 50, 67, 75, 90, 100, 110, 125, 150, 175, 200, 250, 300, 400};

} // namespace

PageView::PageView(Executor& worker, QWidget* parent)
    : QAbstractScrollArea(parent)
    , m_worker(worker)
    , m_tiles(cachedKilobytes)
{
    setFrameShape(NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Pages"));
    verticalScrollBar()->setSingleStep(40);
    horizontalScrollBar()->setSingleStep(40);
}

PageView::~PageView()
{
    clear();
}

void PageView::clear()
{
    ++m_generation;
    if (m_source) {
        m_source->giveUp();
        m_worker.post([source = std::move(m_source)] {}); // let go where its fonts were opened
    }
    m_source = nullptr;
    m_outline.reset();
    m_tiles.clear();
    m_asked.clear();
    place();
}

void PageView::show(PageSet set)
{
    clear();
    m_source = std::make_shared<PageSource>();
    m_worker.post([self = QPointer(this), source = m_source, set = std::move(set), asked = m_generation] {
        Result<PageSource::Outline> outline = source->layOut(set);
        answerTo(self, [asked, outline = std::move(outline)](PageView& view) {
            if (view.m_generation != asked)
                return;
            if (!outline) {
                Q_EMIT view.refused(outline.error());
                return;
            }
            view.m_outline = *outline;
            view.verticalScrollBar()->setValue(0);
            view.place();
            Q_EMIT view.laidOut(view.pageCount());
            Q_EMIT view.pageChanged();
        });
    });
}

qreal PageView::scale() const
{
    if (!m_outline || m_zoomMode == ZoomMode::Fixed)
        return m_fixed * fullScale;
    // As if the vertical bar were always there: it must not come and go with the fit.
    const int bar = verticalScrollBar()->isVisible() ? 0 : verticalScrollBar()->sizeHint().width();
    const qreal wide = std::max(80, viewport()->width() - bar - 2 * margin) / m_outline->paper.width();
    if (m_zoomMode == ZoomMode::FitWidth)
        return std::min(wide, fullScale * percentMost / 100);
    return std::min(wide, std::max(80, viewport()->height() - 2 * margin) / m_outline->paper.height());
}

int PageView::zoomPercent() const
{
    return static_cast<int>(std::lround(scale() / fullScale * 100));
}

void PageView::setZoomMode(ZoomMode mode)
{
    if (mode == ZoomMode::Fixed)
        m_fixed = scale() / fullScale;
    m_zoomMode = mode;
    place();
    Q_EMIT zoomChanged();
}

void PageView::setZoomPercent(int percent)
{
    const qreal middle =
        m_outline ? (verticalScrollBar()->value() + viewport()->height() / 2.0) / scale() : 0;
    m_zoomMode = ZoomMode::Fixed;
    m_fixed = std::clamp(percent, percentLeast, percentMost) / 100.0;
    place();
    if (m_outline && verticalScrollBar()->value() > 0) // what was in the middle stays there
        verticalScrollBar()->setValue(static_cast<int>(middle * scale() - viewport()->height() / 2.0));
    Q_EMIT zoomChanged();
}

void PageView::zoomIn()
{
    const auto* next = std::upper_bound(percents.begin(), percents.end(), zoomPercent());
    setZoomPercent(next == percents.end() ? percentMost : *next);
}

void PageView::zoomOut()
{
    const auto* next = std::lower_bound(percents.begin(), percents.end(), zoomPercent());
    setZoomPercent(next == percents.begin() ? percentLeast : *(next - 1));
}

QSize PageView::pageSize() const
{
    return (m_outline->paper * scale()).toSize();
}

QRect PageView::pageRect(int page) const
{
    const QSize size = pageSize();
    const int left = std::max((viewport()->width() - size.width()) / 2, margin);
    return {QPoint(left - horizontalScrollBar()->value(),
                   margin + page * (size.height() + gap) - verticalScrollBar()->value()),
            size};
}

int PageView::currentPage() const
{
    if (!m_outline)
        return 0;
    const int step = pageSize().height() + gap;
    const int middle = verticalScrollBar()->value() + viewport()->height() / 2 - margin;
    return std::clamp(middle / step, 0, pageCount() - 1);
}

void PageView::goToPage(int page)
{
    if (!m_outline)
        return;
    const int wanted = std::clamp(page, 0, pageCount() - 1);
    verticalScrollBar()->setValue(wanted * (pageSize().height() + gap) + margin - gap);
}

void PageView::place()
{
    QSize content;
    if (m_outline) {
        const QSize size = pageSize();
        content = {size.width() + 2 * margin, pageCount() * (size.height() + gap) - gap + 2 * margin};
    }
    verticalScrollBar()->setRange(0, std::max(0, content.height() - viewport()->height()));
    verticalScrollBar()->setPageStep(viewport()->height());
    horizontalScrollBar()->setRange(0, std::max(0, content.width() - viewport()->width()));
    horizontalScrollBar()->setPageStep(viewport()->width());
    ask();
    viewport()->update();
}

QRect PageView::tilePixels(const TileKey& key) const
{
    const QSize page = (QSizeF(pageSize()) * devicePixelRatioF()).toSize();
    return QRect(key.column * tileSide, key.row * tileSide, tileSide, tileSide).intersected({{0, 0}, page});
}

std::vector<PageView::TileKey> PageView::visibleTiles() const
{
    std::vector<TileKey> tiles;
    if (!m_outline)
        return tiles;
    const int perMille = static_cast<int>(std::lround(scale() * devicePixelRatioF() * 1e6));
    const qreal side = tileSide / devicePixelRatioF();
    const int first = (verticalScrollBar()->value() - margin) / (pageSize().height() + gap);
    for (int page = std::max(0, first); page < pageCount(); ++page) {
        const QRect paper = pageRect(page);
        if (paper.top() > viewport()->height())
            break;
        const QRect seen = paper.intersected(viewport()->rect()).translated(-paper.topLeft());
        if (seen.isEmpty())
            continue;
        for (int row = static_cast<int>(seen.top() / side); row * side <= seen.bottom(); ++row)
            for (int column = static_cast<int>(seen.left() / side); column * side <= seen.right(); ++column)
                tiles.push_back({page, column, row, perMille});
    }
    return tiles;
}

bool PageView::isSettled() const
{
    const std::vector<TileKey> tiles = visibleTiles();
    return m_outline && std::all_of(tiles.begin(), tiles.end(),
                                    [this](const TileKey& key) { return m_tiles.contains(key); });
}

void PageView::ask()
{
    for (const TileKey& key : visibleTiles()) {
        if (m_asked.size() >= asksAtOnce)
            return;
        if (m_tiles.contains(key) || std::find(m_asked.begin(), m_asked.end(), key) != m_asked.end())
            continue;
        m_asked.push_back(key);
        const TileRequest request{key.page, scale() * devicePixelRatioF(), tilePixels(key)};
        m_worker.post(
            [self = QPointer(this), source = m_source, request, key, asked = m_generation]() mutable {
                QImage image = source->paint(request);
                source = nullptr; // before the answer, so that the last one is let go here
                answerTo(self, [asked, key, image = std::move(image)](PageView& view) mutable {
                    view.take(asked, key, std::move(image));
                });
            });
    }
}

void PageView::take(std::uint64_t generation, const TileKey& key, QImage image)
{
    if (generation != m_generation)
        return;
    std::erase(m_asked, key);
    const auto kilobytes = static_cast<int>(image.sizeInBytes() / 1024);
    m_tiles.insert(key, new QImage(std::move(image)), kilobytes);
    ask();
    viewport()->update();
    if (isSettled())
        Q_EMIT settled();
}

void PageView::paintEvent(QPaintEvent*)
{
    QPainter painter(viewport());
    painter.fillRect(viewport()->rect(), colour(Token::Sunken, palette()));
    if (!m_outline)
        return;
    const qreal ratio = devicePixelRatioF();
    int page = -1;
    for (const TileKey& key : visibleTiles()) {
        const QRect paper = pageRect(key.page);
        if (key.page != page) {
            page = key.page;
            painter.setPen(Qt::NoPen);
            for (int depth = 3; depth >= 1; --depth) { // a soft edge below
                painter.setBrush(QColor(0, 0, 0, 12));
                painter.drawRect(paper.adjusted(-depth, -depth + 1, depth, depth + 1));
            }
            painter.fillRect(paper, Qt::white);
        }
        if (const QImage* tile = m_tiles.object(key)) {
            const QRectF pixels = tilePixels(key);
            const QRectF place(paper.topLeft() + pixels.topLeft() / ratio, pixels.size() / ratio);
            painter.drawImage(place, *tile);
        }
    }
    if (hasFocus() && window()->testAttribute(Qt::WA_KeyboardFocusChange)) {
        painter.setPen(QPen(colour(Token::Focus, palette()), measure::focusRing));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(viewport()->rect().adjusted(1, 1, -1, -1));
    }
}

void PageView::resizeEvent(QResizeEvent*)
{
    place();
    if (m_zoomMode != ZoomMode::Fixed)
        Q_EMIT zoomChanged();
}

void PageView::scrollContentsBy(int, int)
{
    ask();
    viewport()->update();
    Q_EMIT pageChanged();
}

void PageView::keyPressEvent(QKeyEvent* event)
{
    QScrollBar* bar = verticalScrollBar();
    if (event->matches(QKeySequence::ZoomIn) ||
        (event->key() == Qt::Key_Equal && event->modifiers() == Qt::ControlModifier))
        return zoomIn();
    if (event->matches(QKeySequence::ZoomOut))
        return zoomOut();
    switch (event->key()) {
    case Qt::Key_0:
        if (event->modifiers() == Qt::ControlModifier)
            return setZoomMode(ZoomMode::FitWidth);
        break;
    case Qt::Key_Home:
        return bar->setValue(bar->minimum());
    case Qt::Key_End:
        return bar->setValue(bar->maximum());
    case Qt::Key_Space:
        return bar->triggerAction(event->modifiers() == Qt::ShiftModifier
                                      ? QAbstractSlider::SliderPageStepSub
                                      : QAbstractSlider::SliderPageStepAdd);
    default:
        break;
    }
    QAbstractScrollArea::keyPressEvent(event);
}

void PageView::wheelEvent(QWheelEvent* event)
{
    if (event->modifiers() != Qt::ControlModifier)
        return QAbstractScrollArea::wheelEvent(event);
    if (event->angleDelta().y() > 0)
        zoomIn();
    else if (event->angleDelta().y() < 0)
        zoomOut();
}

} // namespace billing::console
