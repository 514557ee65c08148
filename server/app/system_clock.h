// The machine's clocks and dice behind the ports. Any thread.
#pragma once

#include "shared/kernel/ports.h"

#include <mutex>
#include <random>

namespace billing {

class SystemClock final : public Clock
{
public:
    Instant now() const override;
    MonotonicTime monotonic() const override;
};

/// Seeded from the system once; for identifiers and jitter, never for secrets.
class SystemRandom final : public Random
{
public:
    SystemRandom();
    std::uint64_t next() override;

private:
    std::mutex m_mutex;
    std::mt19937_64 m_engine;
};

} // namespace billing
