// Chance from a seed: the same seed gives the same sequence on every machine, so that a failing run can be
// repeated. Any thread (the order of calls of several threads is then the only thing not repeatable).
#pragma once

#include "shared/kernel/ports.h"

#include <atomic>

namespace billing::test {

class SeededRandom final : public Random
{
public:
    explicit SeededRandom(std::uint64_t seed);

    std::uint64_t next() override;
    /// 0 .. bound - 1; asserts a bound above zero. The tiny bias of the remainder does not matter to a test.
    std::uint64_t below(std::uint64_t bound);

private:
    std::atomic<std::uint64_t> m_state;
};

/// Not secure: for tests only, so that keys, nonces and tokens are the same in every run.
class SeededSecureRandom final : public SecureRandom
{
public:
    explicit SeededSecureRandom(std::uint64_t seed);

    void fill(std::span<std::byte> bytes) override;

private:
    SeededRandom m_random;
};

} // namespace billing::test
