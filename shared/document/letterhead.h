// The top of the first page: title, number and dates, seller and buyer, and the amount due; and the line that
// heads the pages after it. Needs a QGuiApplication.
#pragma once

#include "shared/document/block.h"
#include "shared/model/invoice.h"

namespace billing::document {

Block letterhead(const Invoice& invoice, qreal width);
/// "Invoice EB-2023-000017" and the billing period.
Block runningHead(const Invoice& invoice, qreal width);

/// "EB-2023-000017", or "DRAFT".
QString numberOrMark(const Invoice& invoice);

} // namespace billing::document
