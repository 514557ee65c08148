// Proof that an assertion guards something: runs the body in a forked copy of the test and tells whether
// SIGABRT ended it. For tests without threads of their own; the assertion's line lands on standard error.
#pragma once

#include <functional>

namespace billing::test {

bool diesByAssertion(const std::function<void()>& body);

} // namespace billing::test
