// Invoices to draw and to encode: believable ones by name, and any number of generated ones from a seed.
// Their sums are right, so that what a test reads back from paper can be compared with them.
#pragma once

#include "shared/model/invoice.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace billing::test {

struct NamedInvoice
{
    std::string name; ///< "lines_300"
    Invoice invoice;
};

Decimal decimal(std::string_view text); ///< asserts that it is one
LocalDate date(std::string_view text);  ///< asserts that it is one

/// ENIS sells to a Californian company on "lite": a fee and five usage lines, sales tax, finalised.
Invoice liteInvoice();
/// The same with so many usage lines behind the fee.
Invoice invoiceWithLines(int count);
/// The same in that currency, its amounts on that currency's grid.
Invoice invoiceIn(std::string_view currency, std::string_view locale);
Invoice germanInvoice();        ///< EUR, de-DE, 19 % VAT
Invoice reverseChargeInvoice(); ///< EUR, fr-FR, no tax and the note that says why
Invoice draftInvoice();         ///< no number, no dates
Invoice voidInvoice();
Invoice longTextsInvoice(); ///< names of 200+ characters, words without spaces, full addresses

/// Sums net, tax per tax line, and total anew from the lines. The tax lines' rates are kept.
void sumUp(Invoice& invoice);

std::vector<NamedInvoice> namedInvoices();
/// Valid, of any size, currency, tier and text length.
Invoice generatedInvoice(std::uint64_t seed);

} // namespace billing::test
