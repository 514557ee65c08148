#include "server/access/token_verifier.h"

#include "shared/kernel/assert.h"

#include <cjose/jws.h>
#include <openssl/evp.h>

#include <cstring>

namespace billing::access {

namespace {

constexpr std::size_t rememberedMax = 4096;
constexpr MonotonicTime rememberedFor = std::chrono::seconds(60);

Error invalid(std::string_view subject, std::string_view why)
{
    return {ErrorCode::InvalidToken, std::string(subject), std::string(why)};
}

Instant atSecond(std::int64_t seconds)
{
    return Instant::fromMicros(seconds * 1'000'000);
}

bool signatureVerifies(std::string_view token, const SigningKey& key)
{
    cjose_err error = {};
    const std::unique_ptr<cjose_jws_t, void (*)(cjose_jws_t*)> jws(
        cjose_jws_import(token.data(), token.size(), &error), cjose_jws_release);
    return jws && cjose_jws_verify(jws.get(), key.native(), &error);
}

} // namespace

TokenVerifier::TokenVerifier(TokenRules rules, std::shared_ptr<const SigningKeys> keys, const Clock& clock)
    : m_rules(std::move(rules))
    , m_clock(clock)
    , m_keys(std::move(keys))
    , m_digest(EVP_MD_CTX_new())
{
    BILLING_ASSERT(m_keys && m_digest != nullptr);
    const int started = EVP_DigestInit_ex(m_digest, EVP_sha256(), nullptr);
    BILLING_ASSERT(started == 1);
}

TokenVerifier::~TokenVerifier()
{
    EVP_MD_CTX_free(m_digest);
}

Result<Principal> TokenVerifier::verify(std::string_view token,
                                        const std::optional<http::PeerCertificate>& peer)
{
    const std::scoped_lock lock(m_mutex);
    const CacheKey key = cacheKey(token, peer);
    if (const Principal* known = recall(key))
        return *known;
    const Result<TokenClaims> claims = verifySlowly(token, peer);
    if (!claims)
        return claims.error();
    remember(key, *claims);
    return claims->principal;
}

void TokenVerifier::replaceKeys(std::shared_ptr<const SigningKeys> keys)
{
    BILLING_ASSERT(keys != nullptr);
    const std::scoped_lock lock(m_mutex);
    m_keys = std::move(keys);
    m_cache.clear();
}

std::size_t TokenVerifier::rememberedCount()
{
    const std::scoped_lock lock(m_mutex);
    return m_cache.size();
}

std::size_t TokenVerifier::CacheKeyHash::operator()(const CacheKey& key) const noexcept
{
    std::size_t hash = 0; // the key begins with a digest: any eight bytes of it will do
    std::memcpy(&hash, key.data(), sizeof hash);
    return hash;
}

TokenVerifier::CacheKey TokenVerifier::cacheKey(std::string_view token,
                                                const std::optional<http::PeerCertificate>& peer)
{
    CacheKey key = {};
    unsigned length = 0;
    // Starting again with the digest it already has skips OpenSSL's look-up, which costs more than the
    // hashing.
    const bool digested = EVP_DigestInit_ex(m_digest, nullptr, nullptr) == 1 &&
                          EVP_DigestUpdate(m_digest, token.data(), token.size()) == 1 &&
                          EVP_DigestFinal_ex(m_digest, key.data(), &length) == 1;
    BILLING_ASSERT(digested && length == 32);
    if (peer)
        std::copy(peer->sha256.begin(), peer->sha256.end(), key.begin() + 32);
    return key;
}

const Principal* TokenVerifier::recall(const CacheKey& key)
{
    const auto found = m_cache.find(key);
    if (found == m_cache.end())
        return nullptr;
    const Remembered& entry = found->second;
    const Instant now = m_clock.now();
    if (m_clock.monotonic() < entry.forgottenAt && entry.validFrom <= now && now < entry.validUntil)
        return &entry.principal;
    m_cache.erase(found);
    return nullptr;
}

void TokenVerifier::remember(const CacheKey& key, const TokenClaims& claims)
{
    const MonotonicTime now = m_clock.monotonic();
    if (m_cache.size() >= rememberedMax)
        std::erase_if(m_cache, [now](const auto& entry) { return entry.second.forgottenAt <= now; });
    if (m_cache.size() >= rememberedMax)
        m_cache.clear();
    const std::int64_t from = std::max(claims.issuedAt, claims.notBefore) - tokenLeewaySeconds;
    m_cache.emplace(
        key, Remembered{claims.principal, atSecond(from), atSecond(claims.expiresAt), now + rememberedFor});
}

Result<TokenClaims> TokenVerifier::verifySlowly(std::string_view token,
                                                const std::optional<http::PeerCertificate>& peer) const
{
    const Result<TokenParts> parts = readToken(token);
    if (!parts)
        return parts.error();
    const SigningKey* key = m_keys->find(parts->keyId);
    if (key == nullptr)
        return Error{ErrorCode::UnknownSigningKey, "kid", "no such key"};
    if (!signatureVerifies(token, *key))
        return invalid("signature", "does not verify");
    Result<TokenClaims> claims = readClaims(parts->payload);
    if (!claims)
        return claims;
    if (auto checked = checkClaims(*claims); !checked)
        return checked.error();
    if (!peer || peer->sha256 != claims->certificate)
        return Error{ErrorCode::TokenNotBoundToCertificate, "cnf",
                     "names another certificate than the connection's"};
    return claims;
}

Result<void> TokenVerifier::checkClaims(const TokenClaims& claims) const
{
    if (claims.issuer != m_rules.issuer)
        return invalid("iss", "another issuer");
    if (std::find(claims.audience.begin(), claims.audience.end(), m_rules.audience) == claims.audience.end())
        return invalid("aud", "meant for another service");
    const std::int64_t lifetime = claims.expiresAt - claims.issuedAt;
    if (lifetime <= 0 || lifetime > tokenLifetimeSecondsMax)
        return invalid("exp", "not within an hour of iat");
    const Instant now = m_clock.now();
    const Duration leeway = std::chrono::seconds(tokenLeewaySeconds);
    if (now.plus(leeway) < atSecond(std::max(claims.issuedAt, claims.notBefore)))
        return invalid("nbf", "not valid yet");
    if (now.minus(leeway) >= atSecond(claims.expiresAt))
        return Error{ErrorCode::ExpiredToken, "exp", "over"};
    return {};
}

} // namespace billing::access
