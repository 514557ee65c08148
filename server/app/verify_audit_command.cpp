// billing-server verify-audit --data-dir D | --config F.toml
#include "server/app/house_commands.h"

#include "server/audit/verify_audit.h"

namespace billing::app {

namespace {

Result<std::vector<audit::Finding>> findingsOf(House& house)
{
    const DataDirectory& directory = house.directory();
    const auto key = secrets::AuditPublicKey::load(directory.keys() / "audit-ed25519.pub.pem");
    if (!key)
        return key.error();
    return audit::verifyAudit(house.storage(), directory.checkpointFile(), *key);
}

} // namespace

int verifyAudit(House& house, const Options&, CommandOutput& output)
{
    const auto findings = findingsOf(house);
    if (!findings)
        return refuse(output, "verify-audit", findings.error());
    for (const audit::Finding& finding : *findings)
        output.line("chain " + (finding.chain.empty() ? "(system)" : finding.chain) + ": first bad entry " +
                    std::to_string(finding.firstBad) + ": " + finding.reason);
    if (findings->empty())
        output.line("audit: every chain and checkpoint is intact");
    return findings->empty() ? 0 : 1;
}

} // namespace billing::app
