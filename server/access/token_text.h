// Reads a JWT's text strictly, before any library sees it: what is not exactly a compact ES256 access token
// (RFC 9068) of ours is refused unverified. Pure.
#pragma once

#include "server/access/principal.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace billing::access {

struct TokenParts
{
    std::string keyId;
    std::string payload; ///< decoded; to be read only after the signature is verified
};

/// Refuses InvalidToken, in this order: more than 8 KiB; not three non-empty parts of canonical base64url; a
/// header that is not a JSON object of alg, typ and kid only, each once (so no crit, jku, x5u, jwk, x5c, zip,
/// b64); an alg but "ES256", a typ but "at+jwt"; a signature that is not 64 bytes.
Result<TokenParts> readToken(std::string_view token);

struct TokenClaims
{
    std::string issuer;
    std::vector<std::string> audience;
    std::int64_t issuedAt = 0; ///< all times: seconds since 1970
    std::int64_t expiresAt = 0;
    std::int64_t notBefore = 0; ///< 0 when absent
    std::array<std::uint8_t, 32> certificate = {};
    Principal principal;
};

/// Refuses InvalidToken, or DuplicateKey for a claim that occurs twice at any depth: not a JSON object; iss,
/// sub, aud, iat or exp missing or of a wrong type (whole seconds only); neither scope nor role, or an
/// unknown one; a malformed tenant; and TokenNotBoundToCertificate without a well-formed cnf.x5t#S256.
/// Unknown claims are ignored.
Result<TokenClaims> readClaims(std::string_view payload);

} // namespace billing::access
