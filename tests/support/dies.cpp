#include "tests/support/dies.h"

#include "shared/kernel/assert.h"

#include <csignal>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace billing::test {

bool diesByAssertion(const std::function<void()>& body)
{
    const pid_t child = ::fork();
    BILLING_ASSERT(child >= 0);
    if (child == 0) {
        const rlimit noCore{0, 0};
        ::setrlimit(RLIMIT_CORE, &noCore);
        ::signal(SIGABRT, SIG_DFL); // Qt Test's own handler would print a stack trace
        body();
        ::_exit(0);
    }
    int status = 0;
    BILLING_ASSERT(::waitpid(child, &status, 0) == child);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

} // namespace billing::test
