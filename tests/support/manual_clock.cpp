#include "tests/support/manual_clock.h"

namespace billing::test {

ManualClock::ManualClock(Instant start)
    : m_wallMicros(start.micros())
{
}

ManualClock::ManualClock(std::string_view start)
    : ManualClock(Instant::parse(start).value())
{
}

Instant ManualClock::now() const
{
    return Instant::fromMicros(m_wallMicros.load());
}

MonotonicTime ManualClock::monotonic() const
{
    return MonotonicTime(m_monotonicMicros.load());
}

void ManualClock::advance(Duration step)
{
    BILLING_ASSERT(step >= Duration::zero());
    m_wallMicros += step.count();
    m_monotonicMicros += step.count();
}

void ManualClock::setNow(Instant now)
{
    m_wallMicros = now.micros();
}

} // namespace billing::test
