// How an invoice's number is written: a pattern of text and placeholders. Checked when it is read, so that
// two invoices cannot get one number and each number can be read back. Pure, any thread. Source: Directive
// 2006/112/EC, art. 226 (2).
#pragma once

#include "shared/kernel/local_date.h"
#include "shared/kernel/result.h"

#include <string>
#include <string_view>

namespace billing {

/// Bytes a whole number may have, with twelve digits counted.
inline constexpr std::size_t invoiceNumberLimit = 64;

/// Refuses InvalidValue, subject "pattern": an unclosed or stray brace; a placeholder other than {series},
/// {year}, {month}, {number} and {number:1} to {number:18}; not exactly one {number}; spaces at an end; a
/// {number} without a width right beside other digits (of {year}{number} nobody can tell whether 202617 is 17
/// in 2026; {year}{number:6} is fine); more than invoiceNumberLimit bytes. Then as checkText.
Result<void> checkNumberPattern(std::string_view pattern, std::string_view series);

/// Fills {series}, {year}, {month}, {number} and {number:6} (zero padded); other text stays.
std::string formatNumber(std::string_view pattern, std::string_view series, LocalDate issueDate,
                         std::int64_t number);

} // namespace billing
