#include "shared/document/invoice_pdf.h"

#include "shared/document/figures.h"
#include "shared/document/invoice_layout.h"
#include "shared/document/pdf_identity.h"
#include "shared/document/printable.h"
#include "shared/document/reading_text.h"

#include <QBuffer>
#include <QPageLayout>
#include <QPainter>
#include <QPdfWriter>

namespace billing::document {

namespace {

QPageSize pageSizeOf(const Layout& layout)
{
    constexpr qreal unitsPerPoint = unitsPerInch / 72.0;
    return QPageSize(layout.paper / unitsPerPoint, QPageSize::Point, QString(), QPageSize::ExactMatch);
}

/// Drafts have no issue date; theirs is the end of what they bill.
Instant createdAt(const Invoice& invoice)
{
    const LocalDate day = invoice.issueDate.value_or(invoice.period.endDay);
    return Instant::fromMicros(std::int64_t{day.daysSinceEpoch()} * 86'400'000'000);
}

/// One line without control characters, which XMP could not hold.
QString titleOf(const Invoice& invoice)
{
    return paragraphsOf(fromUtf8(invoice.number.value_or("Draft invoice"))).front().text;
}

bool drawPages(QPdfWriter& writer, const Layout& layout)
{
    QPainter painter;
    if (!painter.begin(&writer))
        return false;
    for (std::size_t page = 0; page < layout.pages.size(); ++page) {
        if (page > 0 && !writer.newPage())
            return false;
        drawPage(painter, layout, page);
    }
    return painter.end();
}

} // namespace

Result<QByteArray> renderInvoicePdf(const Invoice& invoice)
{
    const Result<Layout> layout = layOutInvoice(invoice);
    if (!layout)
        return layout.error();
    const ReadingText readingText;
    QByteArray pdf;
    QBuffer buffer(&pdf);
    buffer.open(QIODevice::WriteOnly);
    {
        QPdfWriter writer(&buffer);
        writer.setPdfVersion(QPagedPaintDevice::PdfVersion_A1b);
        writer.setResolution(unitsPerInch);
        writer.setPageLayout(QPageLayout(pageSizeOf(*layout), QPageLayout::Portrait, QMarginsF()));
        writer.setTitle(titleOf(invoice));
        writer.setCreator(QStringLiteral("ENIS Billing"));
        if (!drawPages(writer, *layout))
            return Error{ErrorCode::RenderFailed, "document"};
    }
    if (const Result<void> added = addReadingText(pdf, readingText.lines()); !added)
        return added.error();
    if (const Result<void> fixed = fixIdentity(pdf, createdAt(invoice)); !fixed)
        return fixed.error();
    return pdf;
}

} // namespace billing::document
