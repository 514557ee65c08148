// Tax ids as people write them: VAT ids are checked and brought into one form, what only fills the field
// ("n/a", a dash) is refused, and what no table here knows stays the free text it is. Pure, any thread.
// Sources: vat_number.h; for Mexico's RFC the Código Fiscal de la Federación, art. 27, of which only the form
// and the date are checked: many numbers in use do not pass their check digit.
#pragma once

#include "shared/kernel/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace billing {

/// Tax ids a party may have.
inline constexpr std::size_t taxIdLimit = 10;

struct TaxId
{
    std::string text; ///< a VAT id or RFC: capitals and digits only, "DE136695976"; else as written, without
                      ///< outer spaces
    std::string vatPrefix; ///< "DE", "EL", "XI"; empty: no VAT id

    friend bool operator==(const TaxId&, const TaxId&) = default;
};

/// An id of a party in that country (ISO 3166-1). With the prefix of a VAT id it has to be one: with GR for
/// EL and UK for GB, in any case, with spaces, dots, dashes and slashes. In Mexico it is an RFC. Anything
/// else needs three digits that are not all 0, which "none", "n/a" and "0" have not. Refuses as checkText,
/// TooLong (more than 40 bytes), InvalidTaxId (the detail says what is wrong, never the id).
Result<TaxId> parseTaxId(std::string_view field, std::string_view written, std::string_view country);

/// All of a party's, in their order. Refuses TooManyItems, then as parseTaxId for "field[1]", InvalidTaxId
/// for one that is there twice.
Result<std::vector<std::string>> parseTaxIds(std::string_view field, const std::vector<std::string>& written,
                                             std::string_view country);

/// The member state of the EU that gave the VAT id, as ISO 3166-1 ("GR"). Empty for any other text: XI is for
/// goods only.
std::string memberStateOfVatId(std::string_view taxId);

} // namespace billing
