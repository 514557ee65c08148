// Tokens as an attacker would write them: any header and claims, signed by OpenSSL and not by the library the
// code under test uses.
#pragma once

#include "server/access/token_issuer.h"
#include "server/access/token_verifier.h"
#include "tests/support/manual_clock.h"
#include "tests/support/temporary_directory.h"

#include <memory>
#include <string>
#include <string_view>

struct evp_pkey_st;

namespace billing::access::test {

using KeyPair = std::shared_ptr<evp_pkey_st>;

KeyPair newKeyPair(const char* curve = "P-256");
/// As a private JWK, for writing key files.
std::string jwk(const KeyPair& pair, const std::string& keyId);

/// One key file, rules, a clock at 2026-01-01T00:00:00Z and the kernel's certificate.
struct World
{
    World();
    TokenVerifier verifier() const { return TokenVerifier(rules, keys, clock); }

    billing::test::TemporaryDirectory directory;
    billing::test::ManualClock clock{"2026-01-01T00:00:00Z"};
    std::int64_t now = 1'767'225'600; ///< the clock's second at the start
    TokenRules rules;
    std::string keyId = "1767225600-test";
    KeyPair pair = newKeyPair();
    std::shared_ptr<const SigningKeys> keys;
    http::PeerCertificate kernel;
};

std::string base64Url(std::string_view text);
/// The signature as r || s.
std::string es256(std::string_view message, const KeyPair& pair);
/// header.claims.signature over exactly these texts, whatever they say.
std::string signedToken(std::string_view header, std::string_view claims, const KeyPair& pair);

} // namespace billing::access::test
