// The text of a Date field, made once a second. One thread.
#pragma once

#include "shared/kernel/instant.h"

#include <string>
#include <string_view>

namespace billing::http {

class DateHeader
{
public:
    /// "Sun, 06 Nov 1994 08:49:37 GMT"; valid until the next call.
    std::string_view at(Instant now);

private:
    std::int64_t m_second = -1;
    std::string m_text;
};

} // namespace billing::http
