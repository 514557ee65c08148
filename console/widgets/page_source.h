// The pages of documents, laid out and painted away from the GUI thread: the view gets finished pictures of
// parts of pages and never waits. Layout and painting are shared/document's, from the frozen invoices.
#pragma once

#include "shared/document/invoice_layout.h"

#include <QImage>
#include <QTransform>

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>

namespace billing::console {

/// How a page lies on a sheet of paper: at its own size, or smaller where the sheet is, centred. In one unit,
/// from the page's coordinates to the sheet's.
QTransform onSheet(const QSizeF& page, const QSizeF& sheet);

/// What to lay out: the pages of all of them in a row.
struct PageSet
{
    std::vector<std::shared_ptr<const Invoice>> invoices = {};
    std::optional<QSizeF> sheet = {}; ///< decipoints; none: the first one's own paper
};

/// A part of a sheet in the pixels of the screen it is for.
struct TileRequest
{
    int page = 0;
    qreal pixelsPerUnit = 1; ///< device pixels per decipoint
    QRect pixels = {};       ///< of the sheet at that scale
};

/// Any thread, one at a time inside. Drop the last reference on the thread that called layOut: fonts belong
/// to the thread that opened them.
class PageSource
{
public:
    struct Outline
    {
        QSizeF paper; ///< decipoints
        int pages = 0;
    };

    /// Refuses what document::layOutInvoice refuses, and Cancelled after giveUp.
    Result<Outline> layOut(const PageSet& set);
    /// Nobody wants it any more: layOut ends at the next invoice. Never waits.
    void giveUp() { m_wanted = false; }
    /// White paper with what is printed there.
    QImage paint(const TileRequest& request) const;

private:
    struct Sheet
    {
        std::size_t layout;
        std::size_t page;
    };

    std::atomic<bool> m_wanted = true;
    mutable std::mutex m_mutex;
    std::vector<document::Layout> m_layouts;
    std::vector<Sheet> m_sheets;
    QSizeF m_paper;
};

} // namespace billing::console
