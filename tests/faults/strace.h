// System calls of a running program made to fail, to lie or to kill, by strace attached to its threads. The
// count of a call is per thread, from the moment of attaching. One thread; needs a QCoreApplication. Source:
// strace 6.1, -e inject: the trace set has to name the same calls, or nothing is injected.
#pragma once

#include "tests/support/process.h"

namespace billing::test {

struct Injection
{
    std::string call;   ///< "fdatasync", or several with commas
    std::string effect; ///< "signal=KILL", "error=EIO", "retval=0"; empty: only counts
    std::string when;   ///< "3", or "3+" from the third on; empty: every call
};

/// How often one thread, the busiest, made that call.
using CallCounts = std::map<std::string, int>;

/// Why nothing can be injected on this machine; empty when it can.
std::string whyNoInjection();

class Strace
{
public:
    /// Attached to every thread when it returns, or isAttached() is false. The log is written anew.
    Strace(std::int64_t process, const Injection& injection, std::filesystem::path log);
    /// The program under strace from its first call on; it stays the test's own child.
    static Command launching(const Command& command, const Injection& injection,
                             const std::filesystem::path& log);

    bool isAttached() const { return m_isAttached; }
    /// Lets the program run on without it; nothing happens when that has ended.
    void detach();
    /// Of a log whose strace has ended.
    CallCounts counts() const;
    /// How many calls were made to fail or to lie; for a strace that has ended.
    int injected() const;

private:
    std::filesystem::path m_log;
    Process m_process;
    bool m_isAttached;
};

/// The same of a log alone, for programs launched under strace.
CallCounts countsOf(const std::filesystem::path& log);

} // namespace billing::test
