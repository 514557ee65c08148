// The words of a command line, sorted into options, their values, and files; what they mean is not looked at.
// Pure.
#pragma once

#include "shared/kernel/result.h"

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace billing::client {

struct WrittenOptions
{
    std::map<std::string_view, std::vector<std::string>> values = {}; ///< of a switch: one empty text
    std::vector<std::string> files = {};

    bool has(std::string_view option) const { return values.contains(option); }
    /// Empty when it is not there.
    std::string text(std::string_view option) const;
    /// Of one that may come several times.
    std::vector<std::string> all(std::string_view option) const;
};

/// "-" is a file; so is everything behind "--". Refuses, naming the option: UnknownParameter, MissingField
/// (its value), DuplicateKey (one that may come once).
Result<WrittenOptions> collectOptions(std::span<const std::string_view> arguments);

/// Whether the option says something about the columns of a table.
bool isCsvOption(std::string_view option);

} // namespace billing::client
