#include "shared/model/dimensions.h"

#include <algorithm>

namespace billing {

namespace {

void appendEscaped(std::string& text, std::string_view part)
{
    for (const char c : part) {
        if (c == '%')
            text += "%25";
        else if (c == ',')
            text += "%2C";
        else if (c == '=')
            text += "%3D";
        else
            text += c;
    }
}

Result<std::string> unescape(std::string_view part)
{
    std::string text;
    for (std::size_t at = 0; at < part.size(); ++at) {
        if (part[at] != '%') {
            text += part[at];
            continue;
        }
        const std::string_view code = part.substr(at, 3);
        if (code == "%25")
            text += '%';
        else if (code == "%2C")
            text += ',';
        else if (code == "%3D")
            text += '=';
        else
            return Error{ErrorCode::InvalidValue, "dimension_key"};
        at += 2;
    }
    return text;
}

} // namespace

const std::string* findDimension(const Dimensions& dimensions, std::string_view name)
{
    const auto found = std::find_if(dimensions.begin(), dimensions.end(),
                                    [&](const Dimension& dimension) { return dimension.name == name; });
    return found == dimensions.end() ? nullptr : &found->value;
}

std::string dimensionKey(const Dimensions& dimensions, std::span<const std::string> declared)
{
    std::string key;
    for (const std::string& name : declared) {
        if (!key.empty())
            key += ',';
        appendEscaped(key, name);
        key += '=';
        if (const std::string* value = findDimension(dimensions, name))
            appendEscaped(key, *value);
    }
    return key;
}

Result<Dimensions> parseDimensionKey(std::string_view key)
{
    Dimensions dimensions;
    while (!key.empty()) {
        const std::string_view pair = key.substr(0, key.find(','));
        key.remove_prefix(std::min(key.size(), pair.size() + 1));
        const std::size_t equals = pair.find('=');
        if (equals == std::string_view::npos || equals == 0)
            return Error{ErrorCode::InvalidValue, "dimension_key"};
        const auto name = unescape(pair.substr(0, equals));
        const auto value = unescape(pair.substr(equals + 1));
        if (!name || !value)
            return Error{ErrorCode::InvalidValue, "dimension_key"};
        dimensions.push_back({*name, *value});
    }
    return dimensions;
}

} // namespace billing
