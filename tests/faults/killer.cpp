#include "tests/faults/killer.h"

#include <QString>

namespace billing::test {

namespace {

constexpr Process::Limit longestBirth{80};

std::uint64_t numberFromEnvironment(const char* name, std::uint64_t otherwise)
{
    bool isNumber = false;
    const qulonglong number = qEnvironmentVariable(name).toULongLong(&isNumber);
    return isNumber ? number : otherwise;
}

} // namespace

std::uint64_t trialsOr(std::uint64_t few)
{
    return numberFromEnvironment("BILLING_TRIALS", few);
}

std::uint64_t trialsOfThisRun()
{
    return trialsOr(20);
}

std::uint64_t seedOfThisRun()
{
    return numberFromEnvironment("BILLING_SEED", 20231116);
}

Killer::Killer(ServerFixture& server, std::uint64_t seed)
    : m_server(server)
    , m_random(seed)
{
}

Process::Limit Killer::nextLife(Process::Limit longest)
{
    return Process::Limit(m_random.below(static_cast<std::uint64_t>(longest.count())));
}

void Killer::killAndRestart()
{
    m_server.kill();
    ++m_kills;
    if (m_random.below(4) == 0) {
        m_server.startWithin(nextLife(longestBirth));
        m_server.kill();
        ++m_killsAtBirth;
    }
    m_server.start();
}

} // namespace billing::test
