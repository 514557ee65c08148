// What an invoice's paper will not show as it was written, said before a number is given out; and which of
// the font files that paper needs this machine lacks. Loads no font and needs no QGuiApplication; any thread.
#pragma once

#include "shared/wire/invoice_warnings_json.h"

#include <string>
#include <vector>

namespace billing::documents {

/// One warning for each field that will show characters as codes: "unprintable", the field, and the codes.
std::vector<wire::InvoiceWarning> printWarnings(const Invoice& invoice);

/// Files of fonts that are not installed: characters that only they have are printed as codes.
std::vector<std::string> missingFontFiles();

} // namespace billing::documents
