#include "shared/usage_client/ports.h"

#include <random>
#include <thread>

namespace billing::client {

namespace {

class SystemClock final : public Clock
{
public:
    Instant now() const override
    {
        const auto sinceEpoch = std::chrono::system_clock::now().time_since_epoch();
        return Instant::fromMicros(std::chrono::duration_cast<Duration>(sinceEpoch).count());
    }
    MonotonicTime monotonic() const override
    {
        return std::chrono::duration_cast<MonotonicTime>(std::chrono::steady_clock::now().time_since_epoch());
    }
};

/// Straight from the kernel: event ids of two processes must not meet. Holds no state, so any thread may ask.
class SystemRandom final : public Random
{
public:
    std::uint64_t next() override
    {
        std::random_device device;
        return static_cast<std::uint64_t>(device()) << 32 | device();
    }
};

class SleepingWaiter final : public Waiter
{
public:
    void waitFor(Duration duration) override { std::this_thread::sleep_for(duration); }
};

} // namespace

Ports systemPorts()
{
    static const SystemClock clock;
    static SystemRandom random;
    static SleepingWaiter waiter;
    return {clock, random, waiter};
}

} // namespace billing::client
