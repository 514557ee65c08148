// The value of Content-Disposition for a file to be saved (RFC 6266): a quoted name of ASCII for everybody
// and, when that is not all of it, the whole name in the extended form (RFC 8187). Pure.
#pragma once

#include <string>
#include <string_view>

namespace billing::api {

/// The name is UTF-8 and one of a file, without a path (fileNameOf).
std::string attachment(std::string_view fileName);

} // namespace billing::api
