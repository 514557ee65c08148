// Card numbers never enter: texts that people write (names, addresses, notes, references) are refused when
// they hold what may be a primary account number, before they are stored or logged. Pure. Source: ISO/IEC
// 7812-1 (lengths, Luhn's check digit, issuer prefixes of the large schemes); PCI DSS 4.0.1 requirement 3.
#pragma once

#include "shared/kernel/result.h"

#include <string_view>

namespace billing {

/// 13 to 19 digits, single spaces or hyphens between them allowed, with a known prefix and a valid check
/// digit. Full-width digits count as digits.
bool holdsCardNumber(std::string_view text);

/// Refuses CardDataRefused with the field as the subject; the text itself is not repeated.
Result<void> refuseCardNumber(std::string_view field, std::string_view text);

} // namespace billing
