// The "?" of a statement's text. Those inside of literals stand for themselves.
#pragma once

#include <string>
#include <string_view>

namespace billing::postgres {

/// Replaces each placeholder by write(its number, counted from 0).
template <class Write>
std::string replacePlaceholders(std::string_view sql, Write&& write)
{
    std::string text;
    bool isLiteral = false;
    std::size_t number = 0;
    for (const char c : sql) {
        isLiteral = isLiteral != (c == '\'');
        if (c == '?' && !isLiteral)
            text += write(number++);
        else
            text += c;
    }
    return text;
}

} // namespace billing::postgres
