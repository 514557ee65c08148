// An invoice laid out on pages: first every block is measured, then placed, so that rows stay whole, the
// table's head and the sum so far are on every page the table reaches, and the totals never begin on a page
// without a row. A block taller than a page is cut between lines: whatever an invoice holds, it has a layout.
// Screen preview, printer and PDF draw the same layout. Lengths are decipoints. Needs a QGuiApplication; one
// thread at a time.
//
// The words are English (texts.h), so the page runs from left to right in every locale. Names, addresses,
// descriptions and notes each run in the direction of their own first letter and never reorder what stands
// beside them. Figures are Western digits with the locale's separators, dates are Gregorian (shared/format).
#pragma once

#include "shared/document/block.h"
#include "shared/model/invoice.h"

#include <QSizeF>

namespace billing::document {

struct PlacedBlock
{
    QPointF topLeft;
    std::shared_ptr<const Block> block;
};

using Page = std::vector<PlacedBlock>;

struct Layout
{
    QSizeF paper; ///< A4, or Letter for a buyer in the United States
    InvoiceStatus status = InvoiceStatus::Draft;
    QString mark; ///< behind the text of each page; empty for a finalised invoice
    std::vector<Page> pages = {};
};

inline constexpr int unitsPerInch = 720;

/// Refuses, in order: UnknownTemplate, RenderFailed (the built-in faces cannot be loaded), AmountOverflow of
/// a carried sum.
Result<Layout> layOutInvoice(const Invoice& invoice);

/// Draws one page (from 0) with the painter's unit being a decipoint.
void drawPage(QPainter& painter, const Layout& layout, std::size_t page);

} // namespace billing::document
