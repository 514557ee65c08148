// A media type with its parameters, as it stands in Content-Type and in CloudEvents' datacontenttype. Values
// only, any thread. Source: RFC 9110 sections 5.6.6 and 8.3.1.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace billing::wire {

struct MediaType
{
    std::string essence; ///< "application/json", in lower case
    /// Names in lower case, each once; values as they were meant, without quotes and escapes.
    std::vector<std::pair<std::string, std::string>> parameters = {};

    /// Whether what it describes is JSON: application/json, any type/json, any type/subtype+json.
    bool isJson() const;
    /// A charset other than UTF-8, or nothing.
    std::optional<std::string> foreignCharset() const;
};

/// Any case, optional white space around ";", quoted values, empty parameters. Nothing for what breaks the
/// grammar, and for a parameter given twice, of which nobody can say which one is meant.
std::optional<MediaType> parseMediaType(std::string_view text);

} // namespace billing::wire
