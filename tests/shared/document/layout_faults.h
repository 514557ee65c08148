// What no layout may have: text outside its box, its block or the page, text on text, a page of the table
// without its head, totals without a row.
#pragma once

#include "shared/document/invoice_layout.h"

namespace billing::test {

/// The first one, in words; empty when there is none.
QString faultOf(const document::Layout& layout);

std::vector<document::BlockKind> kindsOf(const document::Page& page);
int count(const document::Page& page, document::BlockKind kind);

/// The texts of a block as printed, each ended by a line feed.
QString textsOf(const document::Block& block);

} // namespace billing::test
