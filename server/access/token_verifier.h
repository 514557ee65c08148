// Says whose token this is, or refuses it. A token counts only over a connection whose client certificate it
// names (RFC 8705). Verified tokens are remembered for at most 60 s, never past their expiry, keyed by the
// token's digest and the certificate, since checking a signature costs 180 us. Any thread.
#pragma once

#include "server/access/principal.h"
#include "server/access/signing_keys.h"
#include "server/access/token_text.h"
#include "server/http/request.h"
#include "shared/kernel/ports.h"

#include <memory>
#include <mutex>
#include <unordered_map>

struct evp_md_ctx_st;

namespace billing::access {

/// What a token of ours says about itself, letter for letter.
struct TokenRules
{
    std::string issuer = "enis-billing";
    std::string audience = "enis-billing";
};

constexpr std::int64_t tokenLifetimeSecondsMax = 3600;
constexpr std::int64_t tokenLeewaySeconds = 30; ///< for clocks that differ

class TokenVerifier
{
public:
    /// The clock must outlive it.
    TokenVerifier(TokenRules rules, std::shared_ptr<const SigningKeys> keys, const Clock& clock);
    ~TokenVerifier();

    /// Refuses, in this order: what readToken refuses (InvalidToken); UnknownSigningKey; a signature that
    /// does not verify (InvalidToken); what readClaims refuses; another issuer or audience, a lifetime over
    /// an hour or not positive, not valid yet (InvalidToken); ExpiredToken; TokenNotBoundToCertificate.
    Result<Principal> verify(std::string_view token, const std::optional<http::PeerCertificate>& peer);

    /// From now on; forgets what was verified with the old ones.
    void replaceKeys(std::shared_ptr<const SigningKeys> keys);
    /// How many verified tokens it remembers now; never more than 4,096.
    std::size_t rememberedCount();

private:
    using CacheKey = std::array<std::uint8_t, 64>; ///< token digest, certificate digest
    struct CacheKeyHash
    {
        std::size_t operator()(const CacheKey& key) const noexcept;
    };
    struct Remembered
    {
        Principal principal;
        Instant validFrom;
        Instant validUntil;
        MonotonicTime forgottenAt;
    };

    CacheKey cacheKey(std::string_view token, const std::optional<http::PeerCertificate>& peer);
    const Principal* recall(const CacheKey& key);
    void remember(const CacheKey& key, const TokenClaims& claims);
    Result<TokenClaims> verifySlowly(std::string_view token,
                                     const std::optional<http::PeerCertificate>& peer) const;
    Result<void> checkClaims(const TokenClaims& claims) const;

    const TokenRules m_rules;
    const Clock& m_clock;

    std::mutex m_mutex; ///< guards all below
    std::shared_ptr<const SigningKeys> m_keys;
    std::unordered_map<CacheKey, Remembered, CacheKeyHash> m_cache;
    evp_md_ctx_st* m_digest;
};

} // namespace billing::access
