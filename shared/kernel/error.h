// What a refusal carries: a stable code, what it is about (a field, an id, a file), and a short English
// detail for logs and problem documents. No translated text, no personal data, no secret: the console words
// the code itself.
#pragma once

#include "shared/kernel/error_code.h"

#include <optional>
#include <string>

namespace billing {

struct Error
{
    ErrorCode code;
    std::string subject = {}; ///< what was refused, e.g. "timestamp"; empty when the code says it all
    std::string detail = {};  ///< why, e.g. "more than 300 s ahead"

    friend bool operator==(const Error&, const Error&) = default;
};

/// "unknown_field: colour (not part of an event)", for logs and terminals.
std::string toText(const Error& error);

} // namespace billing
