// The events of one request as the journal keeps them: a compact binary form, compressed when that pays. The
// first byte says which: 1 plain, 2 zstd. What is read back equals what was written, digit for digit.
#pragma once

#include "shared/kernel/result.h"
#include "shared/model/usage_event.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace billing::storage {

std::string encodeJournalBody(std::span<const UsageEvent> events);

/// Refuses CorruptJournalRow.
Result<std::vector<UsageEvent>> decodeJournalBody(std::string_view body);

} // namespace billing::storage
