#include "shared/usage_client/csv_mapping.h"

#include <algorithm>

namespace billing::client {

namespace {

/// Splits "name=value"; both must be there.
Result<Dimension> parsePair(std::string_view text)
{
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos || equals == 0 || equals + 1 == text.size())
        return Error{ErrorCode::InvalidValue, std::string(text), "expected name=value"};
    return Dimension{std::string(text.substr(0, equals)), std::string(text.substr(equals + 1))};
}

} // namespace

Result<CsvEventMapping> parseCsvEventMapping(std::string_view text)
{
    std::vector<Dimension> pairs;
    for (std::size_t start = 0; start <= text.size();) {
        const std::size_t comma = std::min(text.find(',', start), text.size());
        auto pair = parsePair(text.substr(start, comma - start));
        if (!pair)
            return pair.error();
        pairs.push_back(std::move(*pair));
        start = comma + 1;
    }
    CsvEventMapping mapping{pairs.front().name, pairs.front().value};
    mapping.dimensions.assign(pairs.begin() + 1, pairs.end());
    std::sort(mapping.dimensions.begin(), mapping.dimensions.end());
    const auto twice = std::adjacent_find(mapping.dimensions.begin(), mapping.dimensions.end(),
                                          [](const auto& a, const auto& b) { return a.name == b.name; });
    if (twice != mapping.dimensions.end())
        return Error{ErrorCode::DuplicateKey, twice->name};
    return mapping;
}

Result<CsvDimension> parseCsvDimension(std::string_view text)
{
    auto pair = parsePair(text);
    if (!pair)
        return pair.error();
    return CsvDimension{std::move(pair->name), std::move(pair->value)};
}

Result<std::string> dimensionNameOf(std::string_view column)
{
    const Error refused{
        ErrorCode::InvalidValue, std::string(column),
        "cannot be the name of a dimension as it is: give it one with --dimension name=column"};
    std::string name;
    bool gap = false;
    for (const char c : column) {
        if (static_cast<unsigned char>(c) >= 0x80)
            return refused;
        const bool upper = c >= 'A' && c <= 'Z';
        if (!upper && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9')) {
            gap = true;
            continue;
        }
        if (gap && !name.empty())
            name += '_';
        gap = false;
        name += upper ? static_cast<char>(c - 'A' + 'a') : c;
    }
    if (name.empty() || name.size() > 64)
        return refused;
    return name;
}

} // namespace billing::client
