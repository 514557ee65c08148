#include "console/widgets/page_source.h"

#include <QPainter>

namespace billing::console {

QTransform onSheet(const QSizeF& page, const QSizeF& sheet)
{
    const qreal scale = std::min({qreal(1), sheet.width() / page.width(), sheet.height() / page.height()});
    const QSizeF margins = (sheet - page * scale) / 2;
    return QTransform::fromTranslate(margins.width(), margins.height()).scale(scale, scale);
}

Result<PageSource::Outline> PageSource::layOut(const PageSet& set)
{
    const std::lock_guard lock(m_mutex);
    m_layouts.clear();
    m_sheets.clear();
    for (const auto& invoice : set.invoices) {
        if (!m_wanted)
            return Error{ErrorCode::Cancelled};
        Result<document::Layout> layout = document::layOutInvoice(*invoice);
        if (!layout)
            return layout.error();
        for (std::size_t page = 0; page < layout->pages.size(); ++page)
            m_sheets.push_back({m_layouts.size(), page});
        m_layouts.push_back(std::move(*layout));
    }
    m_paper = set.sheet.value_or(m_layouts.empty() ? QSizeF() : m_layouts.front().paper);
    return Outline{m_paper, static_cast<int>(m_sheets.size())};
}

QImage PageSource::paint(const TileRequest& request) const
{
    const std::lock_guard lock(m_mutex);
    QImage image(request.pixels.size(), QImage::Format_RGB32);
    image.fill(Qt::white);
    if (request.page >= static_cast<int>(m_sheets.size()))
        return image;
    const Sheet& sheet = m_sheets[static_cast<std::size_t>(request.page)];
    const document::Layout& layout = m_layouts[sheet.layout];
    QPainter painter(&image);
    painter.translate(-request.pixels.topLeft());
    painter.scale(request.pixelsPerUnit, request.pixelsPerUnit);
    painter.setTransform(onSheet(layout.paper, m_paper), true);
    document::drawPage(painter, layout, sheet.page);
    return image;
}

} // namespace billing::console
