// The parts of JSON's grammar that both readers check by hand, because simdjson reads lazily: how deep a text
// nests and whether a token is a number. Pure, any thread. Source: RFC 8259 sections 2 and 6.
#pragma once

#include <string_view>

namespace billing::wire {

/// True when more than limit arrays and objects are open at once, brackets inside strings not counted. Works
/// on any bytes, JSON or not.
bool nestsDeeperThan(std::string_view text, int limit);

/// -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?
bool isJsonNumber(std::string_view token);

/// Without JSON's white space at the end.
std::string_view withoutTrailingSpace(std::string_view token);

} // namespace billing::wire
