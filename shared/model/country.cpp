#include "shared/model/country.h"

#include <algorithm>
#include <array>

namespace billing {

namespace embedded {
extern const std::string_view countryCodes; ///< "AD AE AF ..."
}

bool isCountry(std::string_view alpha2)
{
    if (alpha2.size() != 2)
        return false;
    for (std::size_t at = 0; at + 2 <= embedded::countryCodes.size(); at += 3)
        if (embedded::countryCodes.substr(at, 2) == alpha2)
            return true;
    return false;
}

Result<std::string> parseCountry(std::string_view field, std::string_view written)
{
    const std::string_view meant = written == "EL" ? "GR" : written == "UK" ? "GB" : written;
    if (isCountry(meant))
        return std::string(meant);
    return Error{ErrorCode::InvalidCountry, std::string(field),
                 meant == "XI" ? "XI is a prefix of VAT ids; the country of Northern Ireland is GB"
                               : "expected a code of ISO 3166-1 alpha-2, two capital letters"};
}

bool isInEuropeanUnion(std::string_view alpha2)
{
    constexpr std::array<std::string_view, 27> states{"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES",
                                                      "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU",
                                                      "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"};
    return std::find(states.begin(), states.end(), alpha2) != states.end();
}

} // namespace billing
