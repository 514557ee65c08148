// Invoices from everywhere: one for each script, as its people write names, addresses and notes, and any
// number of wild ones from a seed, with whatever may be stored.
#pragma once

#include "tests/shared/document/sample_invoices.h"

namespace billing::test {

/// The buyer, one description and one note are in that script, the locale is at home there.
std::vector<NamedInvoice> worldInvoices();

/// Valid, with texts of every length out of all of Unicode, controls and marks included, figures of up to 30
/// digits, letterheads and totals taller than a page, in any locale.
Invoice wildInvoice(std::uint64_t seed);

/// Eight tax ids of 250 characters, 300 lines of address, 50 taxes, pages of notes.
Invoice tallInvoice();

} // namespace billing::test
