// Decodes the target of a request line into a path and a query. Pure.
//
// Refuses MalformedRequest, in this order: a target that does not start with '/', a character outside visible
// ASCII or a '#', a broken percent escape, an escape that decodes to a control character, '/' or '\' in the
// path, invalid UTF-8, an empty, "." or ".." path segment (a single trailing slash too). '+' stays a plus:
// offsets of time stamps are sent raw by some clients, and no client of an API needs the form encoding's
// space.
#pragma once

#include "shared/kernel/result.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace billing::http {

struct RequestTarget
{
    std::string path;
    std::vector<std::pair<std::string, std::string>> query;
};

Result<RequestTarget> parseRequestTarget(std::string_view target);

} // namespace billing::http
