// Numbers as tables spell them, read exactly: "1234.5", ".5", "+3", "1.5e3", "1E-3", blanks around; with a
// decimal comma "1234,5". Never through a binary fraction. Thousands separators are refused by name, since
// "1.234" and "1,234" mean different things in different countries. Pure, any thread.
#pragma once

#include "shared/kernel/decimal.h"

namespace billing::client {

enum class DecimalMark
{
    Point,
    Comma
};

/// Refuses InvalidDecimal, with what is wrong in the detail: not a number, a separator of thousands, the
/// other mark, more than 18 digits before or 12 behind the mark (zeros at the ends do not count).
Result<Decimal> parseCsvNumber(std::string_view text, DecimalMark mark = DecimalMark::Point);

/// Without spaces and tabs at both ends.
std::string_view withoutBlanks(std::string_view text);

} // namespace billing::client
