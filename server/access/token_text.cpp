#include "server/access/token_text.h"

#include "server/access/base64url.h"

#include <simdjson.h>

#include <optional>
#include <set>

namespace billing::access {

namespace {

namespace dom = simdjson::dom;

constexpr std::size_t tokenBytesMax = 8 * 1024;
constexpr std::size_t jsonDepthMax = 8;
constexpr std::size_t signatureBytes = 64;
constexpr std::size_t subjectBytesMax = 256;
constexpr std::int64_t secondsMax = 253'402'300'799; ///< the end of year 9999

Error invalid(std::string_view subject, std::string_view why)
{
    return {ErrorCode::InvalidToken, std::string(subject), std::string(why)};
}

/// A document and the parser that owns it.
class Json
{
public:
    static std::optional<Json> parse(std::string_view text)
    {
        Json json;
        json.m_parser = std::make_unique<dom::parser>(tokenBytesMax);
        if (json.m_parser->allocate(tokenBytesMax, jsonDepthMax) != simdjson::SUCCESS)
            return std::nullopt;
        const simdjson::padded_string padded(text);
        if (json.m_parser->parse(padded).get(json.m_document) != simdjson::SUCCESS ||
            json.m_document.get_object().get(json.m_root) != simdjson::SUCCESS)
            return std::nullopt;
        return json;
    }
    const dom::element& document() const { return m_document; }
    const dom::object& root() const { return m_root; }

private:
    std::unique_ptr<dom::parser> m_parser;
    dom::element m_document;
    dom::object m_root;
};

bool repeatsAKey(const dom::element& element)
{
    dom::array array;
    if (element.get_array().get(array) == simdjson::SUCCESS) {
        for (const dom::element item : array) {
            if (repeatsAKey(item))
                return true;
        }
        return false;
    }
    dom::object object;
    if (element.get_object().get(object) != simdjson::SUCCESS)
        return false;
    std::set<std::string_view> keys;
    for (const auto& field : object) {
        if (!keys.insert(field.key).second || repeatsAKey(field.value))
            return true;
    }
    return false;
}

std::optional<std::string_view> textOf(const dom::object& object, std::string_view name)
{
    std::string_view text;
    if (object.at_key(name).get_string().get(text) != simdjson::SUCCESS)
        return std::nullopt;
    return text;
}

enum class Presence
{
    Demanded,
    Optional,
};

Result<std::int64_t> secondsOf(const dom::object& claims, std::string_view name, Presence presence)
{
    const auto claim = claims.at_key(name);
    if (claim.error() == simdjson::NO_SUCH_FIELD && presence == Presence::Optional)
        return std::int64_t{0};
    dom::element element;
    std::int64_t seconds = 0;
    // get_int64 also takes nothing else: a fraction or an exponent makes the element a double.
    if (claim.get(element) != simdjson::SUCCESS || !element.is_int64() ||
        element.get_int64().get(seconds) != simdjson::SUCCESS || seconds < 1 || seconds > secondsMax)
        return invalid(name, "not a time in whole seconds");
    return seconds;
}

Result<std::vector<std::string>> audienceOf(const dom::object& claims)
{
    if (const auto single = textOf(claims, "aud"))
        return std::vector<std::string>{std::string(*single)};
    dom::array array;
    if (claims.at_key("aud").get_array().get(array) != simdjson::SUCCESS)
        return invalid("aud", "missing");
    std::vector<std::string> audience;
    for (const dom::element item : array) {
        std::string_view text;
        if (item.get_string().get(text) != simdjson::SUCCESS)
            return invalid("aud", "not a list of names");
        audience.emplace_back(text);
    }
    return audience;
}

bool isSubject(std::string_view text)
{
    for (const char character : text) {
        const auto byte = static_cast<unsigned char>(character);
        if (byte < 0x20 || byte == 0x7F)
            return false;
    }
    return !text.empty() && text.size() <= subjectBytesMax;
}

Result<void> readRights(const dom::object& claims, Principal& principal)
{
    bool granted = false;
    if (claims.at_key("scope").error() == simdjson::SUCCESS) {
        const Result<Scopes> scopes = parseScopes(textOf(claims, "scope").value_or(""));
        if (!scopes)
            return invalid("scope", "not a list of known scopes");
        principal.scopes = *scopes;
        granted = true;
    }
    if (claims.at_key("role").error() == simdjson::SUCCESS) {
        principal.role = parseRole(textOf(claims, "role").value_or(""));
        if (!principal.role)
            return invalid("role", "unknown");
        granted = true;
    }
    if (!granted)
        return invalid("scope", "neither scope nor role");
    if (claims.at_key("tenant").error() == simdjson::SUCCESS) {
        const Result<TenantId> tenant = parseTenantId(textOf(claims, "tenant").value_or(""));
        if (!tenant)
            return invalid("tenant", "not a tenant's id");
        principal.tenant = *tenant;
    }
    return {};
}

Result<std::array<std::uint8_t, 32>> boundCertificate(const dom::object& claims)
{
    dom::object confirmation;
    std::string_view text;
    std::optional<std::string> bytes;
    if (claims.at_key("cnf").get_object().get(confirmation) == simdjson::SUCCESS &&
        confirmation.at_key("x5t#S256").get_string().get(text) == simdjson::SUCCESS)
        bytes = fromBase64Url(text);
    std::array<std::uint8_t, 32> thumbprint = {};
    if (!bytes || bytes->size() != thumbprint.size())
        return Error{ErrorCode::TokenNotBoundToCertificate, "cnf", "names no certificate"};
    std::copy(bytes->begin(), bytes->end(), thumbprint.begin());
    return thumbprint;
}

Result<std::string> readHeader(std::string_view text)
{
    const auto header = Json::parse(text);
    if (!header || header->root().size() != 3)
        return invalid("header", "not exactly alg, typ and kid");
    // Three members, and each of the three names is there: so none is repeated and no other is.
    if (textOf(header->root(), "alg") != "ES256")
        return invalid("alg", "only ES256 is accepted");
    if (textOf(header->root(), "typ") != "at+jwt")
        return invalid("typ", "only access tokens are accepted");
    const auto keyId = textOf(header->root(), "kid");
    if (!keyId || keyId->empty())
        return invalid("kid", "missing");
    return std::string(*keyId);
}

} // namespace

Result<TokenParts> readToken(std::string_view token)
{
    if (token.size() > tokenBytesMax)
        return invalid("token", "too long");
    const std::size_t first = token.find('.');
    const std::size_t second = first == std::string_view::npos ? first : token.find('.', first + 1);
    if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos)
        return invalid("token", "not three parts");
    const auto header = fromBase64Url(token.substr(0, first));
    auto payload = fromBase64Url(token.substr(first + 1, second - first - 1));
    const auto signature = fromBase64Url(token.substr(second + 1));
    if (!header || !payload || !signature || header->empty() || payload->empty() || signature->empty())
        return invalid("token", "not canonical base64url");
    Result<std::string> keyId = readHeader(*header);
    if (!keyId)
        return keyId.error();
    if (signature->size() != signatureBytes)
        return invalid("signature", "not 64 bytes");
    return TokenParts{std::move(*keyId), std::move(*payload)};
}

Result<TokenClaims> readClaims(std::string_view payload)
{
    const auto json = Json::parse(payload);
    if (!json)
        return invalid("claims", "not a JSON object");
    const dom::object& root = json->root();
    if (repeatsAKey(json->document()))
        return Error{ErrorCode::DuplicateKey, "claims", "a claim occurs twice"};
    TokenClaims claims;
    const auto issuer = textOf(root, "iss");
    const auto subject = textOf(root, "sub");
    if (!issuer)
        return invalid("iss", "missing");
    if (!subject || !isSubject(*subject))
        return invalid("sub", "missing");
    auto audience = audienceOf(root);
    if (!audience)
        return audience.error();
    const auto issuedAt = secondsOf(root, "iat", Presence::Demanded);
    const auto expiresAt = secondsOf(root, "exp", Presence::Demanded);
    const auto notBefore = secondsOf(root, "nbf", Presence::Optional);
    for (const auto* seconds : {&issuedAt, &expiresAt, &notBefore}) {
        if (!*seconds)
            return seconds->error();
    }
    claims.issuer = *issuer;
    claims.audience = std::move(*audience);
    claims.issuedAt = *issuedAt;
    claims.expiresAt = *expiresAt;
    claims.notBefore = *notBefore;
    claims.principal.subject = *subject;
    if (auto rights = readRights(root, claims.principal); !rights)
        return rights.error();
    auto certificate = boundCertificate(root);
    if (!certificate)
        return certificate.error();
    claims.certificate = *certificate;
    return claims;
}

} // namespace billing::access
