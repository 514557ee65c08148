#include "console/widgets/print_pages.h"

#include "shared/document/invoice_layout.h"

#include <QPainter>
#include <QPrinter>

namespace billing::console {

namespace {

struct Sheet
{
    const document::Layout* layout;
    std::size_t page;
};

std::vector<Sheet> sheetsOf(const std::vector<document::Layout>& layouts, const QPrinter& printer)
{
    std::vector<Sheet> sheets;
    for (const document::Layout& layout : layouts)
        for (std::size_t page = 0; page < layout.pages.size(); ++page)
            sheets.push_back({&layout, page});
    const int first = printer.fromPage();
    const int last = printer.toPage();
    if (first > 0 && last >= first) {
        sheets.resize(std::min(sheets.size(), static_cast<std::size_t>(last)));
        sheets.erase(sheets.begin(),
                     sheets.begin() + std::min<std::ptrdiff_t>(first - 1, std::ssize(sheets)));
    }
    if (printer.pageOrder() == QPrinter::LastPageFirst)
        std::reverse(sheets.begin(), sheets.end());
    return sheets;
}

void drawSheet(QPainter& painter, const QPrinter& printer, const Sheet& sheet)
{
    const QSizeF paper = sheet.layout->paper;
    const QRectF area = printer.paperRect(QPrinter::DevicePixel);
    const qreal own = qreal(printer.resolution()) / document::unitsPerInch;
    const qreal scale = std::min({own, area.width() / paper.width(), area.height() / paper.height()});
    painter.save();
    painter.translate((area.width() - paper.width() * scale) / 2,
                      (area.height() - paper.height() * scale) / 2);
    painter.scale(scale, scale);
    document::drawPage(painter, *sheet.layout, sheet.page);
    painter.restore();
}

} // namespace

Result<void> printInvoices(QPrinter& printer, Invoices invoices, const std::function<bool()>& goOn)
{
    std::vector<document::Layout> layouts;
    for (const auto& invoice : invoices) {
        Result<document::Layout> layout = document::layOutInvoice(*invoice);
        if (!layout)
            return layout.error();
        layouts.push_back(std::move(*layout));
    }
    const std::vector<Sheet> sheets = sheetsOf(layouts, printer);
    printer.setFullPage(true);
    QPainter painter;
    if (!painter.begin(&printer))
        return Error{ErrorCode::RenderFailed, "printer", "it does not begin"};
    const int rounds = printer.supportsMultipleCopies() ? 1 : std::max(1, printer.copyCount());
    for (int round = 0; round < rounds; ++round) {
        for (std::size_t at = 0; at < sheets.size(); ++at) {
            if (goOn && !goOn()) {
                printer.abort();
                return Error{ErrorCode::Cancelled, "printer"};
            }
            if ((round > 0 || at > 0) && !printer.newPage())
                return Error{ErrorCode::RenderFailed, "printer", "no further page"};
            drawSheet(painter, printer, sheets[at]);
        }
    }
    return painter.end() ? Result<void>() : Error{ErrorCode::RenderFailed, "printer", "it does not end"};
}

} // namespace billing::console
