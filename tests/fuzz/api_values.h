// The words of the target `api`: values that requests are made of, near the edges of what is allowed more
// often than not. Each function draws one.
#pragma once

#include "tests/fuzz/api_choices.h"
#include "tests/fuzz/api_world.h"

namespace billing::fuzz {

std::string anInstant(Choices& choices);
std::string aDate(Choices& choices);
std::string aMoment(Choices& choices); ///< an instant or a date
/// Two of them, mostly in order of time: around one odd day, between any two, or a month with usage.
std::pair<std::string, std::string> aSpan(Choices& choices);
std::string aZone(Choices& choices);
std::string aDecimal(Choices& choices);
std::string aText(Choices& choices);
std::string aMetric(Choices& choices);
std::string aTenant(Choices& choices, const Known& known);
std::string anInvoice(Choices& choices, const Known& known);
std::string aNumber(Choices& choices);

/// A billing period of one of the contracts that every world begins with, or of none: first day and end.
std::pair<std::string, std::string> aPeriod(Choices& choices);

/// For a path or a query.
std::string percentEncoded(std::string_view text);
/// With its quotes; bytes that are no UTF-8 stay as they are.
std::string jsonText(std::string_view text);

} // namespace billing::fuzz
