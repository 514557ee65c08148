// What billing-usage says about a file: the bad rows, and a summary whose figures add up. Pure.
#pragma once

#include "shared/usage_client/billing_usage/send_file.h"

namespace billing::client {

/// "accepted 38732\nduplicate 0\nconflict 0\nrejected 0\n": stable, for scripts.
std::string summaryOf(const SendReport& report);

/// A line for each that is listed, and how many more there are: "  line 3, column \"a\": \"1,5\": a comma in
/// a number (invalid_decimal)\n".
std::string listOf(const std::vector<ListedRow>& rows, std::int64_t all);

/// "2 rows are like an earlier one, the first in line 7; each is counted\n", or nothing.
std::string repeatedText(const SentFile& sent);

/// Everything about a sent file, for a person: rows and events with their sums, rows that are alike, rows the
/// server did not take.
std::string accountOf(const std::string& name, const CheckedFile& checked, const SentFile& sent);

} // namespace billing::client
