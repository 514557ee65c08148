// Kills the server at moments that a seed chooses, and starts it again. One thread, the fixture's. How many
// kills and which seed comes from the environment: see README.md.
#pragma once

#include "tests/scenarios/server_fixture.h"
#include "tests/support/seeded_random.h"

namespace billing::test {

/// BILLING_TRIALS, or that many.
std::uint64_t trialsOr(std::uint64_t few);
/// BILLING_TRIALS, or 20.
std::uint64_t trialsOfThisRun();
/// BILLING_SEED, or always the same.
std::uint64_t seedOfThisRun();

class Killer
{
public:
    Killer(ServerFixture& server, std::uint64_t seed);

    /// How long the server may live until the next kill.
    Process::Limit nextLife(Process::Limit longest);
    /// kill -9 and a new start, on the same port; in one case of four it is killed once more while it starts.
    void killAndRestart();

    std::uint64_t kills() const noexcept { return m_kills; } ///< of a server that ran
    std::uint64_t killsAtBirth() const noexcept
    {
        return m_killsAtBirth;
    } ///< of one that had just been started

private:
    ServerFixture& m_server;
    SeededRandom m_random;
    std::uint64_t m_kills = 0;
    std::uint64_t m_killsAtBirth = 0;
};

} // namespace billing::test
