// The pages of one document, laid out and painted away from the GUI thread: the view gets finished pictures
// of parts of pages and never waits. Layout and painting are shared/document's, from the frozen invoice.
#pragma once

#include "shared/document/invoice_layout.h"

#include <QImage>

#include <memory>
#include <mutex>
#include <optional>

namespace billing::console {

/// A part of a page in the pixels of the screen it is for.
struct TileRequest
{
    int page = 0;
    qreal pixelsPerUnit = 1; ///< device pixels per decipoint
    QRect pixels = {};       ///< of the page at that scale
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

    /// Refuses what document::layOutInvoice refuses.
    Result<Outline> layOut(const Invoice& invoice);
    /// White paper with what is printed there.
    QImage paint(const TileRequest& request) const;

private:
    mutable std::mutex m_mutex;
    std::optional<document::Layout> m_layout;
};

} // namespace billing::console
