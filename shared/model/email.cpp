#include "shared/model/email.h"

#include "shared/model/text_rules.h"

#include <algorithm>
#include <string>

namespace billing {

namespace {

constexpr std::size_t longest = 254;
constexpr std::size_t longestLocalPart = 64;
constexpr std::size_t longestLabel = 63;

bool isWordCharacter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           static_cast<unsigned char>(c) >= 0x80;
}

bool isLocalCharacter(char c)
{
    return isWordCharacter(c) || std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
}

/// Every part between dots passes; none is empty.
template <class Passes>
bool allParts(std::string_view text, Passes passes)
{
    for (;;) {
        const std::size_t dot = text.find('.');
        const std::string_view part = text.substr(0, dot);
        if (part.empty() || !passes(part))
            return false;
        if (dot == std::string_view::npos)
            return true;
        text.remove_prefix(dot + 1);
    }
}

bool isLocalPart(std::string_view text)
{
    return text.size() <= longestLocalPart && allParts(text, [](std::string_view part) {
               return std::all_of(part.begin(), part.end(), isLocalCharacter);
           });
}

bool isDomain(std::string_view text)
{
    return text.find('.') != std::string_view::npos && allParts(text, [](std::string_view label) {
               return label.size() <= longestLabel && label.front() != '-' && label.back() != '-' &&
                      std::all_of(label.begin(), label.end(),
                                  [](char c) { return isWordCharacter(c) || c == '-'; });
           });
}

} // namespace

Result<void> checkEmail(std::string_view field, std::string_view address)
{
    if (const auto checked = checkText(field, address); !checked)
        return checked;
    if (address.size() > longest)
        return Error{ErrorCode::TooLong, std::string(field),
                     "more than " + std::to_string(longest) + " bytes"};
    const std::size_t at = address.rfind('@');
    if (at == std::string_view::npos || hasSpace(address) || !isLocalPart(address.substr(0, at)) ||
        !isDomain(address.substr(at + 1)))
        return Error{ErrorCode::InvalidValue, std::string(field),
                     "expected an address such as name@example.com"};
    return {};
}

} // namespace billing
