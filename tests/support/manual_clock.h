// A clock that stands still until a test moves it. Wall and monotonic time are separate, so that a test can
// let the wall clock jump back while the monotonic one goes on. Any thread.
#pragma once

#include "shared/kernel/ports.h"

#include <atomic>

namespace billing::test {

class ManualClock final : public Clock
{
public:
    explicit ManualClock(Instant start);
    /// Starts at an RFC 3339 instant; asserts that it is one.
    explicit ManualClock(std::string_view start);

    Instant now() const override;
    MonotonicTime monotonic() const override;

    /// Moves both clocks on; asserts that the step is not negative.
    void advance(Duration step);
    /// The wall clock jumps, as after an NTP step; the monotonic clock stays.
    void setNow(Instant now);

private:
    std::atomic<std::int64_t> m_wallMicros;
    std::atomic<std::int64_t> m_monotonicMicros = 0;
};

} // namespace billing::test
