// The pages of documents below each other on a desk, at any zoom, sharp on any screen. Only what can be seen
// is painted, away from the GUI thread, in tiles that are kept while they may be wanted again. Arrows, Page,
// Home, End and Space scroll; Ctrl with plus, minus, 0 or the wheel zooms. GUI thread; `worker` outlives the
// view.
#pragma once

#include "console/widgets/page_source.h"
#include "shared/kernel/ports.h"

#include <QAbstractScrollArea>
#include <QCache>

namespace billing::console {

enum class ZoomMode
{
    FitWidth,
    FitPage,
    Fixed
};

class PageView : public QAbstractScrollArea
{
    Q_OBJECT

public:
    static constexpr int percentLeast = 25;
    static constexpr int percentMost = 400;

    explicit PageView(Executor& worker, QWidget* parent = nullptr);
    ~PageView() override;

    /// Lays them out; laidOut or refused follows, from the event loop.
    void show(PageSet set);
    using QAbstractScrollArea::show;
    void clear();

    void setZoomMode(ZoomMode mode);
    void setZoomPercent(int percent); ///< 100 is the size on paper at 96 dots per inch; clamped
    void zoomIn();
    void zoomOut();
    ZoomMode zoomMode() const { return m_zoomMode; }
    int zoomPercent() const;

    int pageCount() const { return m_outline ? m_outline->pages : 0; }
    int currentPage() const; ///< from 0: the one that most of the view shows
    void goToPage(int page);
    /// Nothing that can be seen is still missing.
    bool isSettled() const;

Q_SIGNALS:
    void laidOut(int pages);
    void refused(const billing::Error& error);
    void pageChanged();
    void zoomChanged();
    void settled();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    void keyPressEvent(QKeyEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;

private:
    struct TileKey
    {
        int page;
        int column;
        int row;
        int perMille; ///< of the scale, so that another zoom is another tile

        friend bool operator==(const TileKey&, const TileKey&) = default;
        friend size_t qHash(const TileKey& key, size_t seed)
        {
            return qHashMulti(seed, key.page, key.column, key.row, key.perMille);
        }
    };

    qreal scale() const; ///< logical pixels per decipoint
    QSize pageSize() const;
    QRect pageRect(int page) const; ///< in the viewport
    QRect tilePixels(const TileKey& key) const;
    std::vector<TileKey> visibleTiles() const;
    void place();
    void ask();
    void take(std::uint64_t generation, const TileKey& key, QImage image);

    Executor& m_worker;
    std::shared_ptr<PageSource> m_source;
    std::optional<PageSource::Outline> m_outline;
    std::uint64_t m_generation = 0; ///< of the document: answers to an older one are dropped
    QCache<TileKey, QImage> m_tiles;
    std::vector<TileKey> m_asked;
    ZoomMode m_zoomMode = ZoomMode::FitWidth;
    qreal m_fixed = 1;
};

} // namespace billing::console
