// billing-server verify-audit --data-dir D | --config F.toml
#include "server/app/commands.h"

#include "server/app/house.h"
#include "server/app/system_clock.h"
#include "server/audit/verify_audit.h"

#include <cstdio>

namespace billing::app {

namespace {

Result<std::vector<audit::Finding>> verify(const Configuration& configuration)
{
    const SystemClock clock;
    SystemRandom random;
    const auto house = House::open(configuration, {clock, random});
    if (!house)
        return house.error();
    const auto key = secrets::AuditPublicKey::load(configuration.directory.keys() / "audit-ed25519.pub.pem");
    if (!key)
        return key.error();
    return audit::verifyAudit((*house)->storage(), configuration.directory.checkpointFile(), *key);
}

} // namespace

int verifyAuditCommand(const std::vector<std::string>& words)
{
    const auto options = Options::parse(words, {"data-dir", "config"}, {});
    if (!options)
        return refuse("verify-audit", options.error());
    const auto configuration = configurationOf(*options);
    if (!configuration)
        return refuse("verify-audit", configuration.error());
    const auto findings = verify(*configuration);
    if (!findings)
        return refuse("verify-audit", findings.error());
    for (const audit::Finding& finding : *findings)
        std::printf("chain %s: first bad entry %lld: %s\n",
                    finding.chain.empty() ? "(system)" : finding.chain.c_str(),
                    static_cast<long long>(finding.firstBad), finding.reason.c_str());
    if (findings->empty())
        std::printf("audit: every chain and checkpoint is intact\n");
    return findings->empty() ? 0 : 1;
}

} // namespace billing::app
