// billing-server token --data-dir D | --config F.toml --subject S (--scope "..." | --role R) [--tenant T]
// [--cert F.crt]
#include "server/app/commands.h"

#include "server/access/development_pki.h"
#include "server/access/token_issuer.h"
#include "server/app/system_clock.h"

#include <cstdio>

namespace billing::app {

namespace {

Result<access::Principal> principalOf(const Options& options)
{
    access::Principal principal{options.value("subject"), {}, {}, {}};
    if (options.has("scope") == options.has("role"))
        return Error{ErrorCode::MissingField, "--scope or --role", "exactly one of them"};
    if (options.has("scope")) {
        const auto scopes = access::parseScopes(options.value("scope"));
        if (!scopes)
            return scopes.error();
        principal.scopes = *scopes;
    } else {
        principal.role = access::parseRole(options.value("role"));
        if (!principal.role)
            return Error{ErrorCode::InvalidValue, "--role", "expected admin, finance, accountant or auditor"};
    }
    if (options.has("tenant")) {
        const auto tenant = parseTenantId(options.value("tenant"));
        if (!tenant)
            return tenant.error();
        principal.tenant = *tenant;
    }
    return principal;
}

Result<std::string> mint(const Options& options)
{
    const auto configuration = configurationOf(options);
    if (!configuration)
        return configuration.error();
    if (!options.has("subject"))
        return Error{ErrorCode::MissingField, "--subject"};
    const auto principal = principalOf(options);
    if (!principal)
        return principal.error();
    const DataDirectory& directory = configuration->directory;
    const auto keys = access::SigningKeys::load(directory.keys());
    if (!keys)
        return keys.error();
    const auto thumbprint =
        access::certificateThumbprint(options.value("cert", (directory.pki() / "kernel.crt").string()));
    if (!thumbprint)
        return thumbprint.error();
    const SystemClock clock;
    return access::issueToken({*principal, *thumbprint}, keys->youngest(), {}, clock);
}

} // namespace

int tokenCommand(const std::vector<std::string>& words)
{
    const auto options =
        Options::parse(words, {"data-dir", "config", "subject", "scope", "role", "tenant", "cert"}, {});
    if (!options)
        return refuse("token", options.error());
    const auto token = mint(*options);
    if (!token)
        return refuse("token", token.error());
    std::printf("%s\n", token->c_str());
    return 0;
}

} // namespace billing::app
