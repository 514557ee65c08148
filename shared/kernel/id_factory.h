// Makes the texts of new identifiers: a prefix that says what it is and 26 characters of Crockford base 32,
// 48 bits of milliseconds then 80 random bits (the layout of ULID), so that ids sort by time and stay short
// in an index. Any thread, as far as its ports are.
#pragma once

#include "shared/kernel/ports.h"

#include <string>
#include <string_view>

namespace billing {

class IdFactory
{
public:
    IdFactory(const Clock& clock, Random& random)
        : m_clock(clock)
        , m_random(random)
    {
    }

    /// "inv_01HFA3Z0W0..." for prefix "inv".
    std::string next(std::string_view prefix);

private:
    const Clock& m_clock;
    Random& m_random;
};

} // namespace billing
