// billing-server check-invariants --data-dir D | --config F.toml
#include "server/app/house_commands.h"

#include "server/invariants/check_invariants.h"

namespace billing::app {

int checkInvariants(House& house, const Options&, CommandOutput& output)
{
    const auto violations = billing::checkInvariants(house.storage(), *house.meters(), house.sealer());
    if (!violations)
        return refuse(output, "check-invariants", violations.error());
    for (const Violation& violation : *violations)
        output.line(violation.invariant + " " + violation.subject + ": " + violation.detail);
    if (violations->empty())
        output.line("invariants: the books are consistent");
    return violations->empty() ? 0 : 1;
}

} // namespace billing::app
