#include "server/app/system_clock.h"

#include <chrono>

namespace billing {

Instant SystemClock::now() const
{
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    return Instant::fromMicros(std::chrono::duration_cast<std::chrono::microseconds>(since).count());
}

MonotonicTime SystemClock::monotonic() const
{
    return std::chrono::duration_cast<MonotonicTime>(std::chrono::steady_clock::now().time_since_epoch());
}

SystemRandom::SystemRandom()
{
    std::random_device device;
    std::seed_seq seed{device(), device(), device(), device(), device(), device(), device(), device()};
    m_engine.seed(seed);
}

std::uint64_t SystemRandom::next()
{
    const std::lock_guard lock(m_mutex);
    return m_engine();
}

} // namespace billing
