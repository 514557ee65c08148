// Usage as NDJSON (application/x-ndjson): one event of our own form a line, lines ended by \n or \r\n, the
// last one with or without. The lines stand for themselves: a line that is not an event, or not even JSON, is
// refused alone, under its index from 0, as a wrong event of a batch is. Blank lines at the end are passed
// over; a blank line between events is a malformed one. Any thread.
#pragma once

#include "shared/wire/usage_json.h"

namespace billing::wire {

/// One entry per line, in order; an entry also refuses InvalidUtf8, TooDeep, MalformedJson and WrongType
/// (not an object). Refuses the whole body with EmptyBatch, TooManyItems (subject "body").
Result<std::vector<DecodedEvent>> decodeUsageLines(std::string_view body, UsageLimits limits = {});

} // namespace billing::wire
