#include "console/widgets/print_pages.h"

#include "console/widgets/page_source.h"

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
    const qreal scale = qreal(printer.resolution()) / document::unitsPerInch;
    const QSizeF area = printer.paperRect(QPrinter::DevicePixel).size() / scale;
    painter.save();
    painter.scale(scale, scale);
    painter.setTransform(onSheet(sheet.layout->paper, area), true);
    document::drawPage(painter, *sheet.layout, sheet.page);
    painter.restore();
}

} // namespace

Result<void> printInvoices(QPrinter& printer, Invoices invoices, const GoOn& goOn)
{
    std::vector<document::Layout> layouts;
    for (const auto& invoice : invoices) {
        if (goOn && !goOn(0, 0))
            return Error{ErrorCode::Cancelled, "printer"};
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
    int printed = 0;
    for (int round = 0; round < rounds; ++round) {
        for (std::size_t at = 0; at < sheets.size(); ++at) {
            if (goOn && !goOn(printed, rounds * static_cast<int>(sheets.size()))) {
                printer.abort();
                return Error{ErrorCode::Cancelled, "printer"};
            }
            if ((round > 0 || at > 0) && !printer.newPage())
                return Error{ErrorCode::RenderFailed, "printer", "no further page"};
            drawSheet(painter, printer, sheets[at]);
            ++printed;
        }
    }
    return painter.end() ? Result<void>() : Error{ErrorCode::RenderFailed, "printer", "it does not end"};
}

} // namespace billing::console
