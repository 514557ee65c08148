#include "shared/kernel/assert.h"

#include <cstdio>
#include <cstdlib>

namespace billing {

void assertionFailed(const char* condition, const char* file, int line)
{
    std::fprintf(stderr, "billing: assertion failed: %s (%s:%d)\n", condition, file, line);
    std::abort();
}

} // namespace billing
