#include "shared/model/tax_id.h"

#include "shared/model/country.h"
#include "shared/model/text_rules.h"
#include "shared/model/vat_number.h"

#include <algorithm>
#include <array>

namespace billing {

namespace {

constexpr std::size_t longest = 40;

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isCapital(char c)
{
    return c >= 'A' && c <= 'Z';
}

/// Capitals, without what people put between the parts.
std::string compact(std::string_view written)
{
    // Spaces, dashes, and the marks of direction that come along when a text is pasted.
    constexpr std::array<std::string_view, 11> between{
        "\xC2\xA0",     "\xE2\x80\x89", "\xE2\x80\xAF", "\xE2\x80\x90", "\xE2\x80\x91", "\xE2\x80\x92",
        "\xE2\x80\x93", "\xE3\x80\x80", "\xE2\x80\x8E", "\xE2\x80\x8F", "\xD8\x9C"};
    std::string text;
    while (!written.empty()) {
        const auto separator = std::find_if(between.begin(), between.end(), [&](std::string_view candidate) {
            return written.starts_with(candidate);
        });
        if (separator != between.end()) {
            written.remove_prefix(separator->size());
            continue;
        }
        const char c = written.front();
        if (std::string_view(" .-/").find(c) == std::string_view::npos)
            text += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        written.remove_prefix(1);
    }
    return text;
}

/// As VAT ids have it: EL for GR, GB for UK.
std::string vatPrefixOf(std::string_view compacted)
{
    const std::string_view prefix = compacted.substr(0, 2);
    return std::string(prefix == "GR" ? "EL" : prefix == "UK" ? "GB" : prefix);
}

std::size_t leadingLetters(std::string_view text)
{
    return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), isCapital) - text.begin());
}

bool hasVatIds(std::string_view country)
{
    return isInEuropeanUnion(country) || isVatPrefix(country) || country == "MC" || country == "IM";
}

/// Whether who wrote it meant a VAT id. Other schemes have names and ids that begin with the same letters:
/// "SIREN 404833048", "DE-EORI-1234567890123", India's "ATXPK1234F".
bool isMeantAsVatId(std::string_view compacted, std::string_view written, std::string_view country)
{
    const std::string prefix = vatPrefixOf(compacted);
    if (compacted.size() < 3 || !isVatPrefix(prefix))
        return false;
    const std::size_t letters = leadingLetters(compacted);
    if (letters == 2 || judgeVatNumber(prefix, compacted.substr(2)) != VatVerdict::WrongForm)
        return true;
    if (!hasVatIds(country))
        return letters == 3 && (compacted.starts_with("ATU") || compacted.starts_with("CHE"));
    if (letters <= 4) // no VAT id has more
        return true;
    const auto isLetter = [](char c) { return isCapital(c) || (c >= 'a' && c <= 'z'); };
    const auto word = std::find_if_not(written.begin(), written.end(), isLetter);
    return word != written.end() && isDigit(*word);
}

Error invalid(std::string_view field, std::string why)
{
    return {ErrorCode::InvalidTaxId, std::string(field), std::move(why)};
}

Result<TaxId> vatId(std::string_view field, std::string_view compacted)
{
    const std::string prefix = vatPrefixOf(compacted);
    std::string number(compacted.substr(2));
    if (prefix == "BE" && number.size() == 9) // from before 2005
        number.insert(0, 1, '0');
    switch (judgeVatNumber(prefix, number)) {
    case VatVerdict::Good:
        return TaxId{prefix + number, prefix};
    case VatVerdict::WrongForm:
        return invalid(field, "a VAT id of " + prefix + " is " + prefix + " and " +
                                  std::string(vatNumberForm(prefix)));
    case VatVerdict::WrongCheckDigits:
        break;
    }
    return invalid(field, "its check digits are wrong");
}

/// Whether a VAT id stands behind words, as in "VAT FR40303265045": it would print, but be none.
bool hasVatIdBehindWords(std::string_view written)
{
    for (std::size_t at = written.find_first_of(" :."); at != std::string_view::npos;
         at = written.find_first_of(" :.", at + 1)) {
        const std::string rest = compact(written.substr(at + 1));
        const std::string prefix = vatPrefixOf(rest);
        if (rest.size() > 4 && isVatPrefix(prefix) && leadingLetters(rest) <= 3 &&
            judgeVatNumber(prefix, std::string_view(rest).substr(2)) != VatVerdict::WrongForm)
            return true;
    }
    return false;
}

/// Three letters of a company or four of a person, a date, three letters or digits.
bool isRfc(std::string_view compacted)
{
    std::string text;
    for (std::size_t at = 0; at < compacted.size(); ++at) { // one letter for one character
        const bool enye = compacted.substr(at, 2) == "\xC3\x91" || compacted.substr(at, 2) == "\xC3\xB1";
        text += enye || compacted[at] == '&' ? 'N' : compacted[at];
        at += enye ? 1 : 0;
    }
    const std::size_t letters = leadingLetters(text);
    if (letters < 3 || letters > 4 || text.size() != letters + 9)
        return false;
    const std::string_view date = std::string_view(text).substr(letters, 6);
    const std::string_view rest = std::string_view(text).substr(letters + 6);
    const auto two = [&](std::size_t at) { return (date[at] - '0') * 10 + (date[at + 1] - '0'); };
    return std::all_of(date.begin(), date.end(), isDigit) && two(2) >= 1 && two(2) <= 12 && two(4) >= 1 &&
           two(4) <= 31 &&
           std::all_of(rest.begin(), rest.end(), [](char c) { return isDigit(c) || isCapital(c); });
}

bool fillsTheFieldOnly(std::string_view compacted)
{
    const auto digits = std::count_if(compacted.begin(), compacted.end(), isDigit);
    return digits < 3 || compacted.find_first_of("123456789") == std::string_view::npos;
}

} // namespace

Result<TaxId> parseTaxId(std::string_view field, std::string_view written, std::string_view country)
{
    if (const auto checked = checkText(field, written); !checked)
        return checked.error();
    const std::string_view trimmed = withoutOuterSpaces(written);
    if (trimmed.size() > longest)
        return Error{ErrorCode::TooLong, std::string(field),
                     "more than " + std::to_string(longest) + " bytes"};
    const std::string compacted = compact(trimmed);
    if (fillsTheFieldOnly(compacted))
        return invalid(field, "no tax id: leave it out where there is none");
    if (country == "MX" && isRfc(compacted))
        return TaxId{compacted, {}};
    // Norway's are often written without the country.
    if (country == "NO" && compacted.ends_with("MVA") && isDigit(compacted.front()))
        return vatId(field, "NO" + compacted);
    if (isMeantAsVatId(compacted, trimmed, country))
        return vatId(field, compacted);
    if (hasVatIdBehindWords(trimmed))
        return invalid(field, "a VAT id is written alone, without words before it");
    if (country == "MX")
        return invalid(field, "an RFC is 3 or 4 letters, a date of 6 digits, and 3 letters or digits");
    return TaxId{std::string(trimmed), {}};
}

Result<std::vector<std::string>> parseTaxIds(std::string_view field, const std::vector<std::string>& written,
                                             std::string_view country)
{
    if (written.size() > taxIdLimit)
        return Error{ErrorCode::TooManyItems, std::string(field), "more than " + std::to_string(taxIdLimit)};
    std::vector<std::string> ids;
    std::vector<std::string> seen;
    for (std::size_t at = 0; at < written.size(); ++at) {
        const std::string item = std::string(field) + "[" + std::to_string(at) + "]";
        auto id = parseTaxId(item, written[at], country);
        if (!id)
            return id.error();
        std::string compacted = compact(id->text);
        if (std::find(seen.begin(), seen.end(), compacted) != seen.end())
            return invalid(item, "is there twice");
        seen.push_back(std::move(compacted));
        ids.push_back(std::move(id->text));
    }
    return ids;
}

std::string memberStateOfVatId(std::string_view taxId)
{
    const std::string compacted = compact(taxId);
    const std::string prefix = vatPrefixOf(compacted);
    if (compacted.size() < 3 || judgeVatNumber(prefix, compacted.substr(2)) != VatVerdict::Good)
        return {};
    const std::string state = prefix == "EL" ? "GR" : prefix;
    return isInEuropeanUnion(state) ? state : std::string();
}

} // namespace billing
