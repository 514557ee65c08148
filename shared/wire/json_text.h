// The parts of JSON's grammar that the readers check by hand, because simdjson reads lazily, and the one way
// a string is written. Pure, any thread. Source: RFC 8259 sections 2, 6 and 7.
#pragma once

#include "shared/kernel/result.h"

#include <string>
#include <string_view>

namespace billing::wire {

/// True when more than limit arrays and objects are open at once, brackets inside strings not counted. Works
/// on any bytes, JSON or not.
bool nestsDeeperThan(std::string_view text, int limit);

/// -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?
bool isJsonNumber(std::string_view token);

/// Without JSON's white space at the end.
std::string_view withoutTrailingSpace(std::string_view token);

/// Looks at every part of the text and keeps nothing. Refuses InvalidUtf8, TooDeep
/// (JsonDocument::depthLimit), MalformedJson; duplicate keys are not its business.
Result<void> checkJson(std::string_view text);

/// The beginning of a text of valid UTF-8, at most so many bytes and no half character: what a refusal
/// repeats of what was sent, which may be megabytes.
std::string excerpt(std::string_view text, std::size_t mostBytes);

/// Appends the text in quotes, with what must be escaped escaped.
void appendJsonString(std::string& json, std::string_view text);

} // namespace billing::wire
