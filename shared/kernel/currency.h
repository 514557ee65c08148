// ISO 4217 currencies: the three-letter code and how many fractional digits its minor unit has (0, 2, 3 or
// 4). The table is ours because Debian's iso-codes carries no exponents. Source: ISO 4217 list one (SIX
// Group), without funds, metals and test codes (XXX, XTS and the like are refused).
#pragma once

#include "shared/kernel/result.h"

#include <array>
#include <compare>
#include <cstdint>
#include <string_view>

namespace billing {

class Currency
{
public:
    /// Exactly three capital letters of a listed currency. Refuses UnknownCurrency.
    static Result<Currency> parse(std::string_view code);

    std::string_view code() const noexcept { return {m_code.data(), m_code.size()}; }
    int digits() const noexcept { return m_digits; }

    friend auto operator<=>(const Currency&, const Currency&) = default;
    friend bool operator==(const Currency&, const Currency&) = default;

private:
    Currency(std::string_view code, int digits)
        : m_code{code[0], code[1], code[2]}
        , m_digits(static_cast<std::uint8_t>(digits))
    {
    }

    std::array<char, 3> m_code;
    std::uint8_t m_digits;
};

} // namespace billing
