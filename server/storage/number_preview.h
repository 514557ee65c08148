// What the next number of a series would be, and whether it was given out before: for saying so before an
// invoice is finalised. Takes and locks nothing, so somebody else may be faster.
#pragma once

#include "server/storage/invoices.h"

namespace billing::storage {

/// As takeNumber would answer now. Refuses StorageCorrupt.
Result<SeriesPosition> nextNumber(Work& work, std::string_view issuer, std::string_view series);
Result<bool> isNumberIssued(Work& work, std::string_view issuer, std::string_view number);

} // namespace billing::storage
