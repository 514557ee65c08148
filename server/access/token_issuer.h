// Mints development tokens, signed with our own key and bound to a client certificate. In production the
// platform's identity service does this. Any thread.
#pragma once

#include "server/access/principal.h"
#include "server/access/signing_keys.h"
#include "server/access/token_verifier.h"
#include "shared/kernel/ports.h"

#include <array>
#include <chrono>

namespace billing::access {

struct TokenRequest
{
    Principal principal;
    std::array<std::uint8_t, 32> certificate; ///< the DER digest of the certificate it will be used with
    std::chrono::seconds lifetime = std::chrono::seconds(tokenLifetimeSecondsMax);
};

/// A compact JWT, valid from the clock's second on. Refuses InvalidValue: an empty, overlong or unprintable
/// subject, neither scopes nor role, a lifetime that is not 1 s to 1 h.
Result<std::string> issueToken(const TokenRequest& request, const SigningKey& key, const TokenRules& rules,
                               const Clock& clock);

} // namespace billing::access
