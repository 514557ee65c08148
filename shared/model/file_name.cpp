#include "shared/model/file_name.h"

#include <algorithm>
#include <array>

namespace billing {

namespace {

constexpr std::size_t longest = 150;

bool isUnsafe(char c)
{
    constexpr std::string_view refused = "/\\:*?\"<>|";
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F || refused.find(c) != std::string_view::npos;
}

std::string_view withoutFringe(std::string_view name)
{
    const auto isFringe = [](char c) { return c == '.' || c == ' '; };
    while (!name.empty() && isFringe(name.front()))
        name.remove_prefix(1);
    while (!name.empty() && isFringe(name.back()))
        name.remove_suffix(1);
    return name;
}

/// Ends before a character of UTF-8 that would be cut.
std::string_view cut(std::string_view name)
{
    if (name.size() <= longest)
        return name;
    std::size_t end = longest;
    while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0) == 0x80)
        --end;
    return name.substr(0, end);
}

bool isDevice(std::string_view name)
{
    constexpr std::array<std::string_view, 6> devices{"con", "prn", "aux", "nul", "com", "lpt"};
    std::string stem(withoutFringe(name.substr(0, name.find('.'))));
    std::transform(stem.begin(), stem.end(), stem.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return std::any_of(devices.begin(), devices.end(), [&](std::string_view device) {
        return stem == device ||
               (stem.size() == 4 && stem.starts_with(device) && stem[3] >= '0' && stem[3] <= '9');
    });
}

} // namespace

std::string fileNameOf(std::string_view text)
{
    std::string safe(text);
    std::replace_if(safe.begin(), safe.end(), isUnsafe, '_');
    const std::string name(withoutFringe(cut(withoutFringe(safe))));
    if (name.empty())
        return "document";
    return isDevice(name) ? "_" + name : name;
}

} // namespace billing
