#include "console/widgets/page_source.h"

#include <QPainter>

namespace billing::console {

Result<PageSource::Outline> PageSource::layOut(const Invoice& invoice)
{
    const std::lock_guard lock(m_mutex);
    Result<document::Layout> layout = document::layOutInvoice(invoice);
    if (!layout)
        return layout.error();
    m_layout = std::move(*layout);
    return Outline{m_layout->paper, static_cast<int>(m_layout->pages.size())};
}

QImage PageSource::paint(const TileRequest& request) const
{
    const std::lock_guard lock(m_mutex);
    QImage image(request.pixels.size(), QImage::Format_RGB32);
    image.fill(Qt::white);
    if (!m_layout || request.page >= static_cast<int>(m_layout->pages.size()))
        return image;
    QPainter painter(&image);
    painter.translate(-request.pixels.topLeft());
    painter.scale(request.pixelsPerUnit, request.pixelsPerUnit);
    document::drawPage(painter, *m_layout, static_cast<std::size_t>(request.page));
    return image;
}

} // namespace billing::console
