// billing-server check-invariants --data-dir D | --config F.toml
#include "server/app/commands.h"

#include "server/app/house.h"
#include "server/app/system_clock.h"
#include "server/invariants/check_invariants.h"

#include <cstdio>

namespace billing::app {

namespace {

Result<std::vector<Violation>> check(const Configuration& configuration)
{
    const SystemClock clock;
    SystemRandom random;
    const auto house = House::open(configuration, {clock, random});
    if (!house)
        return house.error();
    return checkInvariants((*house)->storage(), *(*house)->meters(), (*house)->sealer());
}

} // namespace

int checkInvariantsCommand(const std::vector<std::string>& words)
{
    const auto options = Options::parse(words, {"data-dir", "config"}, {});
    if (!options)
        return refuse("check-invariants", options.error());
    const auto configuration = configurationOf(*options);
    if (!configuration)
        return refuse("check-invariants", configuration.error());
    const auto violations = check(*configuration);
    if (!violations)
        return refuse("check-invariants", violations.error());
    for (const Violation& violation : *violations)
        std::printf("%s %s: %s\n", violation.invariant.c_str(), violation.subject.c_str(),
                    violation.detail.c_str());
    if (violations->empty())
        std::printf("invariants: the books are consistent\n");
    return violations->empty() ? 0 : 1;
}

} // namespace billing::app
