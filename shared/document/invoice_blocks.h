// The blocks below the letterhead: the table of lines with its heads and carried sums, totals with the taxes,
// how to pay, notes and the footer. Needs a QGuiApplication.
#pragma once

#include "shared/document/block.h"
#include "shared/model/invoice.h"

namespace billing::document {

/// The table's columns, as wide as the figures need and the description gets the rest.
struct Columns
{
    qreal width = 0; ///< of the whole table
    QRectF description = {}, quantity = {}, price = {}, amount = {};
};

Columns columnsFor(const Invoice& invoice, qreal width);

Block tableHead(const Invoice& invoice, const Columns& columns);
/// One row, and what follows when its description is longer than a row may be. Never empty.
std::vector<Block> rowBlocks(const Invoice& invoice, const InvoiceLine& line, const Columns& columns);
/// In place of rows when there are none.
Block emptyRow(const Invoice& invoice, const Columns& columns);
/// CarriedForward or BroughtForward.
Block carriedSum(BlockKind kind, const Invoice& invoice, const Money& sum, const Columns& columns);
Block totals(const Invoice& invoice, const Columns& columns);
/// Nothing for a void invoice or when there is nothing to pay.
std::optional<Block> payment(const Invoice& invoice, qreal width);
std::vector<Block> notes(const Invoice& invoice, qreal width);
Block footer(const Invoice& invoice, qreal width, int page, int pages);

} // namespace billing::document
