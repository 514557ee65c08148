#include "shared/model/vat_number.h"

#include <algorithm>
#include <array>
#include <initializer_list>

namespace billing {

namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

int digit(char c)
{
    return c - '0';
}

bool allDigits(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), isDigit);
}

int numberOf(std::string_view digits)
{
    int number = 0;
    for (const char c : digits)
        number = number * 10 + digit(c);
    return number;
}

int remainder(std::string_view digits, int modulus)
{
    int rest = 0;
    for (const char c : digits)
        rest = (rest * 10 + digit(c)) % modulus;
    return rest;
}

int weighted(std::string_view digits, std::initializer_list<int> weights)
{
    int sum = 0;
    auto c = digits.begin();
    for (const int weight : weights)
        sum += weight * digit(*c++);
    return sum;
}

/// Luhn's rule with the check digit last.
bool passesLuhn(std::string_view digits)
{
    int sum = 0;
    bool doubled = false;
    for (auto c = digits.rbegin(); c != digits.rend(); ++c, doubled = !doubled) {
        const int value = digit(*c) * (doubled ? 2 : 1);
        sum += value > 9 ? value - 9 : value;
    }
    return sum % 10 == 0;
}

/// ISO 7064, MOD 11,10.
bool passesMod1110(std::string_view digits)
{
    int check = 5;
    for (const char c : digits)
        check = ((check == 0 ? 10 : check) * 2 % 11 + digit(c)) % 10;
    return check == 1;
}

/// Whether month and day can be ones of a calendar.
bool isMonthAndDay(int month, int day)
{
    return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

bool holdsAt(std::string_view number)
{
    int sum = 4;
    for (std::size_t at = 1; at < 8; ++at) {
        const int value = digit(number[at]) * (at % 2 == 0 ? 2 : 1);
        sum += value / 10 + value % 10;
    }
    return (10 - sum % 10) % 10 == digit(number[8]);
}

bool holdsBe(std::string_view number)
{
    return 97 - numberOf(number.substr(0, 8)) % 97 == numberOf(number.substr(8));
}

bool holdsBg(std::string_view number)
{
    if (number.size() == 9) {
        int check = weighted(number, {1, 2, 3, 4, 5, 6, 7, 8}) % 11;
        if (check == 10)
            check = weighted(number, {3, 4, 5, 6, 7, 8, 9, 10}) % 11;
        return check % 10 == digit(number[8]);
    }
    const int last = digit(number[9]);
    const int coded = numberOf(number.substr(2, 2)); // 20 more before 1900, 40 more after 1999
    const bool dated = isMonthAndDay(coded > 40   ? coded - 40
                                     : coded > 20 ? coded - 20
                                                  : coded,
                                     numberOf(number.substr(4, 2)));
    const bool person = dated && weighted(number, {2, 4, 8, 5, 10, 9, 7, 3, 6}) % 11 % 10 == last;
    const bool foreigner = weighted(number, {21, 19, 17, 13, 11, 9, 7, 3, 1}) % 10 == last;
    const bool other = (11 - weighted(number, {4, 3, 2, 7, 6, 5, 4, 3, 2}) % 11) % 11 == last;
    return person || foreigner || other;
}

bool holdsCy(std::string_view number)
{
    constexpr std::array<int, 10> odd{1, 0, 5, 7, 9, 13, 15, 17, 19, 21};
    int sum = 0;
    for (std::size_t at = 0; at < 8; ++at)
        sum += at % 2 == 0 ? odd.at(static_cast<std::size_t>(digit(number[at]))) : digit(number[at]);
    return !number.starts_with("12") && alphabet[static_cast<std::size_t>(sum % 26)] == number[8];
}

/// The birth number of a person in Czechia or Slovakia; of 9 digits it has no check digit.
bool isBirthNumber(std::string_view number)
{
    const int coded = numberOf(number.substr(2, 2)) % 50; // 50 more for women
    if (!isMonthAndDay(coded > 20 ? coded - 20 : coded, numberOf(number.substr(4, 2))))
        return false;
    return number.size() == 9 ? numberOf(number.substr(0, 2)) <= 53
                              : remainder(number.substr(0, 9), 11) % 10 == digit(number[9]);
}

bool holdsCz(std::string_view number)
{
    if (number.size() == 8) {
        const int check = (11 - weighted(number, {8, 7, 6, 5, 4, 3, 2}) % 11) % 11;
        return number[0] != '9' && (check == 0 ? 1 : check) % 10 == digit(number[7]);
    }
    if (number.size() == 9 && number[0] == '6') {
        const int rest = weighted(number.substr(1), {8, 7, 6, 5, 4, 3, 2}) % 11;
        return (18 - (21 - rest) % 11) % 10 == digit(number[8]);
    }
    return isBirthNumber(number);
}

bool holdsDk(std::string_view number)
{
    return weighted(number, {2, 7, 6, 5, 4, 3, 2, 1}) % 11 == 0;
}

bool holdsEe(std::string_view number)
{
    return weighted(number, {3, 7, 1, 3, 7, 1, 3, 7, 1}) % 10 == 0;
}

bool holdsEl(std::string_view number)
{
    return weighted(number, {256, 128, 64, 32, 16, 8, 4, 2}) % 11 % 10 == digit(number[8]);
}

/// Natural persons have a letter for their number modulo 23, all others a digit or its letter by Luhn's rule.
bool holdsEs(std::string_view number)
{
    constexpr std::string_view letters = "TRWAGMYFPDXBNJZSQVHLCKE";
    constexpr std::string_view controls = "JABCDEFGHI";
    const char first = number[0];
    const auto lettered = [&](int value) {
        return letters[static_cast<std::size_t>(value % 23)] == number[8];
    };
    if (isDigit(first))
        return lettered(numberOf(number.substr(0, 8)));
    if (first >= 'X' && first <= 'Z')
        return lettered((first - 'X') * 10'000'000 + numberOf(number.substr(1, 7)));
    if (first == 'I' || first == 'O' || first == 'T')
        return false;
    if (first >= 'K' && first <= 'M')
        return lettered(numberOf(number.substr(1, 7)));
    for (int check = 0; check < 10; ++check)
        if (passesLuhn(std::string(number.substr(1, 7)) + static_cast<char>('0' + check)))
            return number[8] == '0' + check || number[8] == controls[static_cast<std::size_t>(check)];
    return false;
}

bool holdsFi(std::string_view number)
{
    return weighted(number, {7, 9, 10, 5, 8, 4, 2, 1}) % 11 == 0;
}

/// A key of two digits or, when digits ran out, with letters (but I and O), before the SIREN. Monaco's begin
/// with 000, which Luhn's rule does not hold for.
bool holdsFr(std::string_view number)
{
    constexpr std::string_view keys = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    const std::string_view siren = number.substr(2);
    if (numberOf(siren) == 0 || (!siren.starts_with("000") && !passesLuhn(siren)))
        return false;
    const std::size_t first = keys.find(number[0]);
    const std::size_t second = keys.find(number[1]);
    if (first == std::string_view::npos || second == std::string_view::npos)
        return false;
    if (first < 10 && second < 10)
        return remainder(std::string(siren) + "12", 97) == numberOf(number.substr(0, 2));
    const int key = static_cast<int>(first < 10 ? first * 24 + second - 10 : first * 34 + second - 100);
    return (numberOf(siren) + 1 + key / 11) % 11 == key % 11;
}

/// Numbers since 2009 leave 42 where older ones leave 0. GD and HA are for the state, without check digits.
bool holdsGb(std::string_view number)
{
    if (number.starts_with("GD"))
        return numberOf(number.substr(2)) < 500;
    if (number.starts_with("HA"))
        return numberOf(number.substr(2)) >= 500;
    const int rest = (weighted(number, {8, 7, 6, 5, 4, 3, 2}) + numberOf(number.substr(7, 2))) % 97;
    return numberOf(number.substr(0, 7)) > 0 &&
           (rest == 0 || (rest == 42 && numberOf(number.substr(0, 3)) >= 100));
}

bool holdsHu(std::string_view number)
{
    return weighted(number, {9, 7, 3, 1, 9, 7, 3, 1}) % 10 == 0;
}

bool holdsIe(std::string_view number)
{
    constexpr std::string_view letters = "WABCDEFGHIJKLMNOPQRSTUV";
    std::string digits(number.substr(0, 7));
    const char check = number[7];
    int sum = 0;
    if (!isDigit(number[1])) // older: a digit, a letter or sign, five digits
        digits = "0" + std::string(number.substr(2, 5)) + number[0];
    else if (number.size() == 9) {
        const std::size_t more = letters.find(number[8]);
        if (more == std::string_view::npos)
            return false;
        sum = 9 * static_cast<int>(more);
    }
    sum += weighted(digits, {8, 7, 6, 5, 4, 3, 2});
    return letters[static_cast<std::size_t>(sum % 23)] == check;
}

/// Seven digits of the taxpayer, three of the office, one to check.
bool holdsIt(std::string_view number)
{
    const int office = numberOf(number.substr(7, 3));
    const bool known =
        (office >= 1 && office <= 100) || office == 120 || office == 121 || office == 888 || office == 999;
    return known && numberOf(number.substr(0, 7)) > 0 && passesLuhn(number);
}

bool holdsLt(std::string_view number)
{
    const std::size_t last = number.size() - 1;
    if (number[last - 1] != '1')
        return false;
    const auto check = [&](std::size_t from) {
        std::size_t sum = 0;
        for (std::size_t at = 0; at < last; ++at)
            sum += (1 + (at + from) % 9) * static_cast<std::size_t>(digit(number[at]));
        return static_cast<int>(sum % 11);
    };
    const int first = check(0);
    return (first == 10 ? check(2) % 10 : first) == digit(number[last]);
}

bool holdsLu(std::string_view number)
{
    return numberOf(number.substr(0, 6)) % 89 == numberOf(number.substr(6));
}

bool holdsLv(std::string_view number)
{
    if (number[0] > '3')
        return weighted(number, {9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1}) % 11 == 3;
    if (number.starts_with("32")) // persons since 2017: says nothing of its holder
        return true;
    const bool dated = isMonthAndDay(numberOf(number.substr(2, 2)), numberOf(number.substr(0, 2)));
    return dated && (1 + weighted(number, {10, 5, 8, 4, 2, 1, 6, 3, 7, 9})) % 11 % 10 == digit(number[10]);
}

bool holdsMt(std::string_view number)
{
    return weighted(number, {3, 4, 6, 7, 8, 9, 10, 1}) % 37 == 0;
}

/// Companies keep the nine digits' check; sole traders since 2020 have one over all of it (ISO 7064, MOD
/// 97-10).
bool holdsNl(std::string_view number)
{
    if (number.ends_with("B00"))
        return false;
    const int check = weighted(number, {9, 8, 7, 6, 5, 4, 3, 2}) % 11;
    if (check == digit(number[8]) && numberOf(number.substr(0, 9)) > 0)
        return true;
    int rest = 2321; // N, L
    for (const char c : number)
        rest = (isDigit(c) ? rest * 10 + digit(c) : rest * 100 + (c - 'A' + 10)) % 97;
    return rest == 1;
}

bool holdsPl(std::string_view number)
{
    return weighted(number, {6, 5, 7, 2, 3, 4, 5, 6, 7}) % 11 == digit(number[9]);
}

bool holdsPt(std::string_view number)
{
    return (11 - weighted(number, {9, 8, 7, 6, 5, 4, 3, 2}) % 11) % 11 % 10 == digit(number[8]);
}

bool holdsRo(std::string_view number)
{
    if (number.size() == 13) {
        const int check = weighted(number, {2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9}) % 11;
        return isMonthAndDay(numberOf(number.substr(3, 2)), numberOf(number.substr(5, 2))) &&
               (check == 10 ? 1 : check) == digit(number[12]);
    }
    const std::string padded = std::string(10 - number.size(), '0') + std::string(number);
    return weighted(padded, {7, 5, 3, 2, 1, 7, 5, 3, 2}) * 10 % 11 % 10 == digit(padded[9]);
}

bool holdsSe(std::string_view number)
{
    const int suffix = numberOf(number.substr(10));
    return passesLuhn(number.substr(0, 10)) && suffix >= 1 && suffix <= 94;
}

bool holdsSi(std::string_view number)
{
    const int check = 11 - weighted(number, {8, 7, 6, 5, 4, 3, 2}) % 11;
    return (check == 10 ? 0 : check) == digit(number[7]);
}

bool holdsSk(std::string_view number)
{
    constexpr std::string_view third = "234789";
    return (number[0] != '0' && remainder(number, 11) == 0 &&
            third.find(number[2]) != std::string_view::npos) ||
           isBirthNumber(number);
}

bool holdsCh(std::string_view number)
{
    return (11 - weighted(number.substr(1), {5, 4, 3, 2, 7, 6, 5, 4}) % 11) % 11 == digit(number[9]);
}

bool holdsNo(std::string_view number)
{
    return (11 - weighted(number, {3, 2, 7, 6, 5, 4, 3, 2}) % 11) % 11 == digit(number[8]);
}

/// In a shape 9 is a digit, 1 one that is not 0, _ a letter, ? either, Y the digit 1; others stand for
/// themselves.
struct Format
{
    std::string_view prefix;
    std::string_view form;
    std::array<std::string_view, 4> shapes;
    bool (*holds)(std::string_view);
};

constexpr std::array formats{
    Format{"AT", "U and 8 digits", {"U99999999"}, holdsAt},
    Format{"BE", "10 digits that begin with 0 or 1", {"0999999999", "Y999999999"}, holdsBe},
    Format{"BG", "9 or 10 digits", {"999999999", "9999999999"}, holdsBg},
    Format{"CY", "8 digits and a letter", {"99999999_"}, holdsCy},
    Format{"CZ", "8 to 10 digits", {"99999999", "999999999", "9999999999"}, holdsCz},
    Format{"DE", "9 digits", {"199999999"}, passesMod1110},
    Format{"DK", "8 digits", {"19999999"}, holdsDk},
    Format{"EE", "9 digits", {"999999999"}, holdsEe},
    Format{"EL", "9 digits", {"999999999"}, holdsEl},
    Format{"ES", "9 characters, the first or the last a letter", {"_9999999?", "99999999_"}, holdsEs},
    Format{"FI", "8 digits", {"99999999"}, holdsFi},
    Format{"FR", "a key of 2 characters and 9 digits", {"??999999999"}, holdsFr},
    Format{"HR", "11 digits", {"99999999999"}, passesMod1110},
    Format{"HU", "8 digits", {"99999999"}, holdsHu},
    Format{"IE",
           "7 digits and 1 or 2 letters, or a digit, a letter, 5 digits and a letter",
           {"9999999_", "9999999__", "9_99999_"},
           holdsIe},
    Format{"IT", "11 digits", {"99999999999"}, holdsIt},
    Format{"LT", "9 or 12 digits", {"999999999", "999999999999"}, holdsLt},
    Format{"LU", "8 digits", {"99999999"}, holdsLu},
    Format{"LV", "11 digits", {"99999999999"}, holdsLv},
    Format{"MT", "8 digits", {"19999999"}, holdsMt},
    Format{"NL", "9 digits, B and 2 digits", {"999999999B99"}, holdsNl},
    Format{"PL", "10 digits", {"9999999999"}, holdsPl},
    Format{"PT", "9 digits", {"199999999"}, holdsPt},
    Format{"RO", "2 to 10 digits, or 13", {}, holdsRo},
    Format{"SE", "12 digits", {"999999999999"}, holdsSe},
    Format{"SI", "8 digits", {"19999999"}, holdsSi},
    Format{"SK", "10 digits", {"9999999999"}, holdsSk},
    Format{"GB",
           "9 or 12 digits, or GD or HA and 3 digits",
           {"999999999", "999999999999", "GD999", "HA999"},
           holdsGb},
    Format{"XI",
           "9 or 12 digits, or GD or HA and 3 digits",
           {"999999999", "999999999999", "GD999", "HA999"},
           holdsGb},
    Format{"CH",
           "E, 9 digits and MWST, TVA or IVA behind them",
           {"E999999999MWST", "E999999999TVA", "E999999999IVA", "E999999999TPV"},
           holdsCh},
    Format{"NO", "9 digits and MVA behind them", {"999999999MVA"}, holdsNo}};

const Format* formatOf(std::string_view prefix)
{
    const auto found = std::find_if(formats.begin(), formats.end(),
                                    [&](const Format& format) { return format.prefix == prefix; });
    return found == formats.end() ? nullptr : &*found;
}

bool hasShape(std::string_view number, std::string_view shape)
{
    return number.size() == shape.size() &&
           std::equal(number.begin(), number.end(), shape.begin(), [](char c, char wanted) {
               const bool letter = c >= 'A' && c <= 'Z';
               switch (wanted) {
               case '9':
                   return isDigit(c);
               case '1':
                   return isDigit(c) && c != '0';
               case 'Y':
                   return c == '1';
               case '?':
                   return letter || isDigit(c);
               case '_':
                   return letter;
               default:
                   return c == wanted;
               }
           });
}

bool hasForm(const Format& format, std::string_view number)
{
    if (format.prefix == "RO") // of any length, and never with a leading zero
        return allDigits(number) && number.size() >= 2 && number[0] != '0' &&
               (number.size() <= 10 || number.size() == 13);
    return std::any_of(format.shapes.begin(), format.shapes.end(),
                       [&](std::string_view shape) { return !shape.empty() && hasShape(number, shape); });
}

} // namespace

VatVerdict judgeVatNumber(std::string_view prefix, std::string_view number)
{
    const Format* format = formatOf(prefix);
    if (!format || !hasForm(*format, number))
        return VatVerdict::WrongForm;
    // Zeros pass many a sum, and are given to nobody.
    const bool given = number.find_first_of("123456789") != std::string_view::npos;
    return given && format->holds(number) ? VatVerdict::Good : VatVerdict::WrongCheckDigits;
}

bool isVatPrefix(std::string_view prefix)
{
    return formatOf(prefix) != nullptr;
}

std::string_view vatNumberForm(std::string_view prefix)
{
    const Format* format = formatOf(prefix);
    return format ? format->form : std::string_view();
}

} // namespace billing
