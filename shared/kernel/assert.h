// Assertions for our own mistakes. They stay on in release: a program that counts other people's money stops
// rather than going on wrongly. Never for bad input: input is answered with a Result.
#pragma once

namespace billing {

/// Prints what was expected and where, then aborts. Any thread.
[[noreturn]] void assertionFailed(const char* condition, const char* file, int line);

} // namespace billing

#define BILLING_ASSERT(condition)                                                                            \
    ((condition) ? static_cast<void>(0) : ::billing::assertionFailed(#condition, __FILE__, __LINE__))
