#include "server/access/token_issuer.h"

#include "server/access/base64url.h"
#include "shared/kernel/assert.h"

#include <cjose/header.h>
#include <cjose/jws.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace billing::access {

namespace {

constexpr std::size_t subjectBytesMax = 256;

Error refused(std::string_view subject, std::string_view why)
{
    return {ErrorCode::InvalidValue, std::string(subject), std::string(why)};
}

std::string claimsText(const TokenRequest& request, const TokenRules& rules, std::int64_t now)
{
    nlohmann::ordered_json claims;
    claims["iss"] = rules.issuer;
    claims["aud"] = rules.audience;
    claims["sub"] = request.principal.subject;
    claims["iat"] = now;
    claims["exp"] = now + request.lifetime.count();
    if (!request.principal.scopes.empty())
        claims["scope"] = toText(request.principal.scopes);
    if (request.principal.role)
        claims["role"] = std::string(toText(*request.principal.role));
    if (request.principal.tenant)
        claims["tenant"] = request.principal.tenant->text();
    claims["cnf"]["x5t#S256"] = toBase64Url(request.certificate);
    return claims.dump();
}

std::string signedText(const std::string& claims, const SigningKey& key)
{
    cjose_err error = {};
    const std::unique_ptr<cjose_header_t, void (*)(cjose_header_t*)> header(cjose_header_new(&error),
                                                                            cjose_header_release);
    const bool described = header && cjose_header_set(header.get(), "alg", "ES256", &error) &&
                           cjose_header_set(header.get(), "typ", "at+jwt", &error) &&
                           cjose_header_set(header.get(), "kid", key.keyId().c_str(), &error);
    BILLING_ASSERT(described);
    const std::unique_ptr<cjose_jws_t, void (*)(cjose_jws_t*)> jws(
        cjose_jws_sign(key.native(), header.get(), reinterpret_cast<const std::uint8_t*>(claims.data()),
                       claims.size(), &error),
        cjose_jws_release);
    const char* text = nullptr;
    const bool exported = jws && cjose_jws_export(jws.get(), &text, &error);
    BILLING_ASSERT(exported);
    return text;
}

} // namespace

Result<std::string> issueToken(const TokenRequest& request, const SigningKey& key, const TokenRules& rules,
                               const Clock& clock)
{
    const std::string& subject = request.principal.subject;
    const bool printable =
        std::all_of(subject.begin(), subject.end(), [](char c) { return c > 0x20 && c < 0x7F; });
    if (subject.empty() || subject.size() > subjectBytesMax || !printable)
        return refused("subject", "not 1 to 256 printable characters");
    if (request.principal.scopes.empty() && !request.principal.role)
        return refused("scope", "neither scope nor role");
    if (request.lifetime.count() < 1 || request.lifetime.count() > tokenLifetimeSecondsMax)
        return refused("lifetime", "not within an hour");
    return signedText(claimsText(request, rules, clock.now().micros() / 1'000'000), key);
}

} // namespace billing::access
