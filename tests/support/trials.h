// How often a test repeats what could go wrong: a few times in every build, as often as BILLING_TRIALS says
// when somebody asks for the whole of it.
#pragma once

#include <cstdlib>

namespace billing::test {

/// BILLING_TRIALS, or that many.
inline int trials(int few)
{
    const char* const wanted = std::getenv("BILLING_TRIALS");
    return wanted == nullptr || *wanted == '\0' ? few : std::atoi(wanted);
}

} // namespace billing::test
