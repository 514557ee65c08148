#include "tests/support/seeded_random.h"

#include "shared/kernel/assert.h"

namespace billing::test {

SeededRandom::SeededRandom(std::uint64_t seed)
    : m_state(seed)
{
}

// SplitMix64 (Steele, Lea, Flood 2014; public domain reference by Vigna): one addition moves the state, so it
// is a single atomic step.
std::uint64_t SeededRandom::next()
{
    std::uint64_t mixed = m_state.fetch_add(0x9e3779b97f4a7c15) + 0x9e3779b97f4a7c15;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
    return mixed ^ (mixed >> 31);
}

std::uint64_t SeededRandom::below(std::uint64_t bound)
{
    BILLING_ASSERT(bound > 0);
    return next() % bound;
}

SeededSecureRandom::SeededSecureRandom(std::uint64_t seed)
    : m_random(seed)
{
}

void SeededSecureRandom::fill(std::span<std::byte> bytes)
{
    for (std::byte& byte : bytes)
        byte = static_cast<std::byte>(m_random.next() & 0xff);
}

} // namespace billing::test
