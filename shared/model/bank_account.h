// Account numbers and banks as people write them, checked and brought into one form, so that no customer is
// asked to pay into an account that cannot be. Pure, any thread. Sources: ISO 13616 (IBAN) with the lengths
// of SWIFT's IBAN registry, ISO 7064 (MOD 97-10), ISO 9362 (BIC).
#pragma once

#include "shared/kernel/result.h"

#include <string>
#include <string_view>

namespace billing {

/// Capital letters and digits without the spaces between them. Refuses InvalidBankAccount: a character that
/// no IBAN has, a country without IBANs, a length that is not its country's, wrong check digits.
Result<std::string> parseIban(std::string_view field, std::string_view written);

/// Capital letters and digits, 8 or 11 of them. Refuses InvalidBankAccount: another length or shape, a
/// country that is none.
Result<std::string> parseBic(std::string_view field, std::string_view written);

} // namespace billing
