// A TCP port of 127.0.0.1 that nobody listened on a moment ago. Prefer binding port 0 and asking; this is for
// programs that must be told a number.
#pragma once

#include <cstdint>

namespace billing::test {

/// Asserts that the machine has one.
std::uint16_t freePort();

} // namespace billing::test
