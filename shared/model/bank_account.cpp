#include "shared/model/bank_account.h"

#include "shared/model/country.h"

#include <algorithm>
#include <array>

namespace billing {

namespace {

struct Length
{
    std::string_view country;
    std::size_t length;
};

constexpr std::array lengths{
    Length{"AD", 24}, Length{"AE", 23}, Length{"AL", 28}, Length{"AT", 20}, Length{"AZ", 28},
    Length{"BA", 20}, Length{"BE", 16}, Length{"BG", 22}, Length{"BH", 22}, Length{"BI", 27},
    Length{"BR", 29}, Length{"BY", 28}, Length{"CH", 21}, Length{"CR", 22}, Length{"CY", 28},
    Length{"CZ", 24}, Length{"DE", 22}, Length{"DJ", 27}, Length{"DK", 18}, Length{"DO", 28},
    Length{"EE", 20}, Length{"EG", 29}, Length{"ES", 24}, Length{"FI", 18}, Length{"FK", 18},
    Length{"FO", 18}, Length{"FR", 27}, Length{"GB", 22}, Length{"GE", 22}, Length{"GI", 23},
    Length{"GL", 18}, Length{"GR", 27}, Length{"GT", 28}, Length{"HN", 28}, Length{"HR", 21},
    Length{"HU", 28}, Length{"IE", 22}, Length{"IL", 23}, Length{"IQ", 23}, Length{"IS", 26},
    Length{"IT", 27}, Length{"JO", 30}, Length{"KW", 30}, Length{"KZ", 20}, Length{"LB", 28},
    Length{"LC", 32}, Length{"LI", 21}, Length{"LT", 20}, Length{"LU", 20}, Length{"LV", 21},
    Length{"LY", 25}, Length{"MC", 27}, Length{"MD", 24}, Length{"ME", 22}, Length{"MK", 19},
    Length{"MN", 20}, Length{"MR", 27}, Length{"MT", 31}, Length{"MU", 30}, Length{"NI", 28},
    Length{"NL", 18}, Length{"NO", 15}, Length{"OM", 23}, Length{"PK", 24}, Length{"PL", 28},
    Length{"PS", 29}, Length{"PT", 25}, Length{"QA", 29}, Length{"RO", 24}, Length{"RS", 22},
    Length{"RU", 33}, Length{"SA", 24}, Length{"SC", 31}, Length{"SD", 18}, Length{"SE", 24},
    Length{"SI", 19}, Length{"SK", 24}, Length{"SM", 27}, Length{"SO", 23}, Length{"ST", 25},
    Length{"SV", 28}, Length{"TL", 23}, Length{"TN", 24}, Length{"TR", 26}, Length{"UA", 29},
    Length{"VA", 22}, Length{"VG", 24}, Length{"XK", 20}, Length{"YE", 30}};

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isCapital(char c)
{
    return c >= 'A' && c <= 'Z';
}

bool isCapitalOrDigit(char c)
{
    return isCapital(c) || isDigit(c);
}

/// In capitals and without spaces, no-break ones too.
std::string compact(std::string_view written)
{
    std::string text;
    for (std::size_t at = 0; at < written.size(); ++at) {
        const char c = written[at];
        if (written.substr(at, 2) == "\xC2\xA0")
            ++at;
        else if (c != ' ')
            text += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return text;
}

/// Of a text of capitals and digits, whose letters count 10 to 35.
int remainder97(std::string_view text)
{
    int remainder = 0;
    for (const char c : text)
        remainder = (isDigit(c) ? remainder * 10 + (c - '0') : remainder * 100 + (c - 'A' + 10)) % 97;
    return remainder;
}

Error refusal(std::string_view field, std::string why)
{
    return {ErrorCode::InvalidBankAccount, std::string(field), std::move(why)};
}

} // namespace

Result<std::string> parseIban(std::string_view field, std::string_view written)
{
    std::string iban = compact(written);
    if (iban.size() < 5 || !std::all_of(iban.begin(), iban.end(), isCapitalOrDigit))
        return refusal(field, "expected an IBAN of letters and digits");
    const std::string country = iban.substr(0, 2);
    const auto known = std::find_if(lengths.begin(), lengths.end(),
                                    [&](const Length& length) { return length.country == country; });
    if (known == lengths.end())
        return refusal(field, "there are no IBANs that begin so");
    if (iban.size() != known->length)
        return refusal(field, "an IBAN of " + country + " has " + std::to_string(known->length) +
                                  " characters, not " + std::to_string(iban.size()));
    // 98 less a remainder is 2 to 98: 00, 01 and 99 would pass the sum below and are never given.
    const std::string check = iban.substr(2, 2);
    if (!isDigit(check[0]) || !isDigit(check[1]) || check < "02" || check > "98" ||
        remainder97(iban.substr(4) + iban.substr(0, 4)) != 1)
        return refusal(field, "its check digits are wrong");
    return iban;
}

Result<std::string> parseBic(std::string_view field, std::string_view written)
{
    std::string bic = compact(written);
    const bool shaped = (bic.size() == 8 || bic.size() == 11) &&
                        std::all_of(bic.begin(), bic.end(), isCapitalOrDigit) && isCapital(bic[4]) &&
                        isCapital(bic[5]);
    if (!shaped)
        return refusal(field, "expected a BIC of 8 or 11 letters and digits");
    const std::string country = bic.substr(4, 2);
    if (!isCountry(country) && country != "XK") // Kosovo, which ISO 3166 leaves to its users
        return refusal(field, "its fifth and sixth letters are no country");
    return bic;
}

} // namespace billing
