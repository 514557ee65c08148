// Countries by their ISO 3166-1 alpha-2 codes, as Debian's package iso-codes lists them when the programs are
// built, and which of them are in the European Union. Pure, any thread.
#pragma once

#include "shared/kernel/result.h"

#include <string>
#include <string_view>

namespace billing {

/// Two capital letters of the list.
bool isCountry(std::string_view alpha2);

/// The country that somebody wrote: a code of the list, and the two that the EU writes otherwise, EL for GR
/// and UK for GB (Interinstitutional Style Guide, 7.1). Refuses InvalidCountry; XI too, which is a prefix of
/// VAT ids (goods in Northern Ireland) and no country.
Result<std::string> parseCountry(std::string_view field, std::string_view written);

/// Whether the country is one of the 27 member states.
bool isInEuropeanUnion(std::string_view alpha2);

} // namespace billing
