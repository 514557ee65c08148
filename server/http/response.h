// What a handler answers. The door adds Content-Length or chunked framing, Date and Connection itself; a
// header with a control character in it becomes a 500 instead of a second header.
#pragma once

#include "shared/kernel/result.h"

#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace billing::http {

/// A file that is streamed with its length; it must not shrink meanwhile.
struct FileBody
{
    std::filesystem::path path;
};

/// Asked on the io thread for the next piece until it gives an empty one; must not block. A refusal cuts the
/// connection, so that the client sees a truncated body and not a complete one.
using PullSource = std::function<Result<std::string>()>;

using Body = std::variant<std::string, FileBody, PullSource>;

struct Response
{
    int status = 200;
    std::vector<std::pair<std::string, std::string>> headers = {};
    std::string contentType = {};
    Body body = {};
};

} // namespace billing::http
