#include "shared/model/card_data.h"

#include <array>
#include <string>

namespace billing {

namespace {

constexpr std::size_t shortest = 13;
constexpr std::size_t longest = 19;

/// A range of issuer prefixes of equal length and the lengths of the numbers behind them.
struct Scheme
{
    std::string_view first;
    std::string_view last;
    std::size_t shortestNumber;
    std::size_t longestNumber;
};

constexpr std::array<Scheme, 11> schemes{{{"4", "4", 13, 19},       // Visa
                                          {"51", "55", 16, 16},     // Mastercard
                                          {"2221", "2720", 16, 16}, // Mastercard
                                          {"34", "34", 15, 15},     // American Express
                                          {"37", "37", 15, 15},     // American Express
                                          {"30", "30", 14, 19},     // Diners Club
                                          {"36", "39", 14, 19},     // Diners Club
                                          {"3528", "3589", 16, 19}, // JCB
                                          {"6011", "6011", 16, 19}, // Discover
                                          {"62", "65", 16, 19},     // UnionPay, Discover
                                          {"50", "50", 13, 19}}};   // Maestro

bool hasKnownPrefix(std::string_view digits)
{
    for (const Scheme& scheme : schemes) {
        const std::string_view prefix = digits.substr(0, scheme.first.size());
        if (scheme.first <= prefix && prefix <= scheme.last && digits.size() >= scheme.shortestNumber &&
            digits.size() <= scheme.longestNumber)
            return true;
    }
    return false;
}

bool passesLuhn(std::string_view digits)
{
    int sum = 0;
    bool doubled = false;
    for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit, doubled = !doubled) {
        const int value = (*digit - '0') * (doubled ? 2 : 1);
        sum += value > 9 ? value - 9 : value;
    }
    return sum % 10 == 0;
}

bool anyWindowIsCard(std::string_view digits)
{
    for (std::size_t start = 0; start + shortest <= digits.size(); ++start)
        for (std::size_t length = shortest; length <= longest && start + length <= digits.size(); ++length) {
            const std::string_view window = digits.substr(start, length);
            if (hasKnownPrefix(window) && passesLuhn(window))
                return true;
        }
    return false;
}

/// Full-width digits (U+FF10 to U+FF19, "EF BC 90..99") become ASCII ones; everything else stays.
std::string narrowDigits(std::string_view text)
{
    std::string narrow;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool wide = text.substr(at, 2) == "\xEF\xBC" && at + 2 < text.size() &&
                          static_cast<unsigned char>(text[at + 2]) >= 0x90 &&
                          static_cast<unsigned char>(text[at + 2]) <= 0x99;
        narrow +=
            wide ? static_cast<char>('0' + (static_cast<unsigned char>(text[at + 2]) - 0x90)) : text[at];
        at += wide ? 2 : 0;
    }
    return narrow;
}

} // namespace

bool holdsCardNumber(std::string_view original)
{
    const std::string text = narrowDigits(original);
    std::string run;
    bool separated = false;
    for (const char c : text) {
        if (c >= '0' && c <= '9') {
            run += c;
            separated = false;
        } else if ((c == ' ' || c == '-') && !run.empty() && !separated) {
            separated = true;
        } else {
            if (anyWindowIsCard(run))
                return true;
            run.clear();
            separated = false;
        }
    }
    return anyWindowIsCard(run);
}

Result<void> refuseCardNumber(std::string_view field, std::string_view text)
{
    if (holdsCardNumber(text))
        return Error{ErrorCode::CardDataRefused, std::string(field), "looks like a card number"};
    return {};
}

} // namespace billing
