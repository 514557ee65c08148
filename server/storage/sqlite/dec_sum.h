// dec_sum(text): the exact sum of decimal texts, as SQL's own sum() would make floating point of them. For
// check-invariants and reports only; business rules add in C++. NULLs are skipped, no rows give '0'.
// A text that is no decimal is StorageCorrupt, a sum that does not fit AmountOverflow.
#pragma once

struct sqlite3;

namespace billing::sqlite {

void registerDecSum(sqlite3* handle);

} // namespace billing::sqlite
