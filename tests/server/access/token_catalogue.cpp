#include "tests/server/access/token_catalogue.h"

#include "shared/kernel/assert.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <functional>

namespace billing::access::test {

namespace {

const std::string keyId = "1767225600-test";
const std::string goodHeader = R"({"alg":"ES256","typ":"at+jwt","kid":"1767225600-test"})";
const std::string confirmation = R"("cnf":{"x5t#S256":"BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc"})";
const std::string goodClaims =
    R"({"iss":"enis-billing","aud":"enis-billing","sub":"kernel","iat":1767225600,"exp":1767229200,)"
    R"("scope":"billing:read billing:write","tenant":"acme-corp",)" +
    confirmation + "}";

std::string replaced(std::string_view text, std::string_view what, std::string_view with)
{
    const std::size_t at = text.find(what);
    BILLING_ASSERT(at != std::string_view::npos);
    return std::string(text.substr(0, at)).append(with).append(text.substr(at + what.size()));
}

std::string made(const std::string& header, const std::string& claims)
{
    return signedToken(header, claims, catalogueWorld().pair);
}

class Catalogue
{
public:
    Catalogue()
    {
        addAlgorithms();
        addHeaders();
        addForms();
        addSignatures();
        addIssuersAndAudiences();
        addTimes();
        addClocks();
        addRights();
        addBindings();
    }
    std::vector<TokenRow> rows;

private:
    const TokenAttempt good{made(goodHeader, goodClaims)};

    void add(const std::string& name, const TokenAttempt& refused, const std::string& code = "invalid_token")
    {
        rows.push_back({name, refused, code, good});
    }
    void header(const std::string& name, const std::string& what, const std::string& with,
                const std::string& code = "invalid_token")
    {
        add(name, {made(replaced(goodHeader, what, with), goodClaims)}, code);
    }
    /// `right` is what the twin says in the same place.
    void claim(const std::string& name, const std::string& what, const std::string& wrong,
               const std::string& right = {}, const std::string& code = "invalid_token")
    {
        const TokenAttempt twin{
            made(goodHeader, right.empty() ? goodClaims : replaced(goodClaims, what, right))};
        rows.push_back({name, {made(goodHeader, replaced(goodClaims, what, wrong))}, code, twin});
    }

    void addAlgorithms();
    void addHeaders();
    void addForms();
    void addSignatures();
    void addIssuersAndAudiences();
    void addTimes();
    void addClocks();
    void addRights();
    void addBindings();
};

std::string publicPem(const KeyPair& pair)
{
    BIO* memory = BIO_new(BIO_s_mem());
    PEM_write_bio_PUBKEY(memory, pair.get());
    char* text = nullptr;
    const long length = BIO_get_mem_data(memory, &text);
    std::string pem(text, static_cast<std::size_t>(length));
    BIO_free(memory);
    return pem;
}

std::string publicDer(const KeyPair& pair)
{
    unsigned char* bytes = nullptr;
    const int length = i2d_PUBKEY(pair.get(), &bytes);
    std::string der(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(length));
    OPENSSL_free(bytes);
    return der;
}

std::string hmac(const std::string& key, const std::string& message)
{
    unsigned char digest[32];
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
         reinterpret_cast<const unsigned char*>(message.data()), message.size(), digest, nullptr);
    return {reinterpret_cast<const char*>(digest), sizeof digest};
}

/// As OpenSSL makes it: DER for elliptic curves, PKCS #1 for RSA.
std::string rawSignature(const std::string& message, EVP_PKEY* key)
{
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    std::string bytes(1024, '\0');
    std::size_t length = bytes.size();
    const bool signedIt =
        EVP_DigestSignInit(context, nullptr, EVP_sha256(), nullptr, key) == 1 &&
        EVP_DigestSign(context, reinterpret_cast<unsigned char*>(bytes.data()), &length,
                       reinterpret_cast<const unsigned char*>(message.data()), message.size()) == 1;
    BILLING_ASSERT(signedIt);
    EVP_MD_CTX_free(context);
    bytes.resize(length);
    return bytes;
}

std::string unsignedPart(const std::string& header, const std::string& claims)
{
    return base64Url(header) + "." + base64Url(claims);
}

std::string withSignature(const std::string& header,
                          const std::function<std::string(const std::string&)>& sign)
{
    const std::string message = unsignedPart(header, goodClaims);
    return message + "." + base64Url(sign(message));
}

void Catalogue::addAlgorithms()
{
    for (const char* name :
         {"none", "None", "NONE", "nOnE", "", "es256", "ES384", "ES512", "ES256K", "PS256", "EdDSA"}) {
        const std::string named = replaced(goodHeader, "ES256", name);
        add(std::string("alg '") + name + "'", {made(named, goodClaims)});
        add(std::string("alg '") + name + "' and no signature", {unsignedPart(named, goodClaims) + "."});
    }
    const std::string symmetric = replaced(goodHeader, "ES256", "HS256");
    for (const auto& [form, key] :
         {std::pair<std::string, std::string>{"PEM", publicPem(catalogueWorld().pair)},
          {"DER", publicDer(catalogueWorld().pair)},
          {"JWK", jwk(catalogueWorld().pair, keyId)},
          {"nothing", ""}}) {
        const auto sign = [&key = key](const std::string& message) { return hmac(key, message); };
        add("HS256 with the public key as " + form, {withSignature(symmetric, sign)});
        add("ES256 that is an HMAC with the public key as " + form, {withSignature(goodHeader, sign)});
    }
    EVP_PKEY* rsa = EVP_RSA_gen(2048);
    const auto signRsa = [&](const std::string& message) { return rawSignature(message, rsa); };
    add("RS256", {withSignature(replaced(goodHeader, "ES256", "RS256"), signRsa)});
    add("ES256 that is an RSA signature", {withSignature(goodHeader, signRsa)});
    EVP_PKEY_free(rsa);
    header("alg absent", R"("alg":"ES256",)", "");
    header("alg is a list", R"("ES256")", R"(["ES256"])");
    header("alg is null", R"("ES256")", "null");
}

void Catalogue::addHeaders()
{
    header("alg twice", R"("alg":"ES256")", R"("alg":"ES256","alg":"none")");
    header("alg twice, the same", R"("alg":"ES256")", R"("alg":"ES256","alg":"ES256")");
    header("alg twice, no kid", R"("kid":"1767225600-test")", R"("alg":"ES256")");
    header("alg twice, escaped", R"("alg":"ES256")", R"("alg":"ES256","\u0061lg":"none")");
    header("kid twice", R"("kid")", R"("kid":"other","kid")");
    header("typ absent", R"("typ":"at+jwt",)", "");
    for (const char* type : {"JWT", "AT+JWT", "id+jwt", "logout+jwt", "application/at+jwt", "webhook", ""})
        header(std::string("typ '") + type + "'", "at+jwt", type);
    header("kid absent", R"(,"kid":"1767225600-test")", "");
    header("kid empty", keyId, "");
    header("kid is a number", R"("1767225600-test")", "1767225600");
    for (const std::string& name :
         {std::string("other"), std::string("../../dev/null"), std::string("' OR 1=1 --"),
          std::string("1767225600-test\\u0000"), std::string("1767225600-TEST"), std::string(5000, 'k')})
        header("kid " + name.substr(0, 20), keyId, name, "unknown_signing_key");
    header("kid of 10 KB", keyId, std::string(10'000, 'k'));
    for (const char* extra :
         {R"("jku":"https://evil.example/keys")", R"("x5u":"https://evil.example/cert")", R"("x5c":["MIIB"])",
          R"("x5t":"a")", R"("crit":["exp"])", R"("crit":[])", R"("b64":false)", R"("b64":true)",
          R"("zip":"DEF")", R"("cty":"JWT")", R"("jwk":{"kty":"EC","crv":"P-256","x":"AA","y":"AA"})",
          R"("enc":"A256GCM")", R"("x":1)"})
        header(extra, "{", std::string("{") + extra + ",");
    const KeyPair own = newKeyPair();
    const std::string embedded = replaced(goodHeader, "{", R"({"jwk":)" + jwk(own, keyId) + ",");
    add("signed with the key it brings", {signedToken(embedded, goodClaims, own)});
    add("header is a list", {made("[]", goodClaims)});
    add("header with a byte order mark", {made("\xEF\xBB\xBF" + goodHeader, goodClaims)});
    add("header with text behind", {made(goodHeader + "x", goodClaims)});
    add("header twice", {made(goodHeader + goodHeader, goodClaims)});
}

void Catalogue::addForms()
{
    const std::string& token = good.token;
    const std::size_t first = token.find('.');
    const std::size_t second = token.find('.', first + 1);
    const std::string parts[] = {token.substr(0, first), token.substr(first + 1, second - first - 1),
                                 token.substr(second + 1)};
    const auto joined = [](const std::string& a, const std::string& b, const std::string& c) {
        return a + "." + b + "." + c;
    };
    const std::pair<const char*, std::string> forms[] = {
        {"empty", ""},
        {"two dots", ".."},
        {"two parts", parts[0] + "." + parts[1]},
        {"four parts", token + "." + parts[2]},
        {"trailing dot", token + "."},
        {"leading dot", "." + token},
        {"JWE, five parts", token + "." + parts[1] + "." + parts[2]},
        {"empty header", joined("", parts[1], parts[2])},
        {"empty payload", joined(parts[0], "", parts[2])},
        {"empty signature", joined(parts[0], parts[1], "")},
        {"padded header", joined(parts[0] + "=", parts[1], parts[2])},
        {"padded payload", joined(parts[0], parts[1] + "==", parts[2])},
        {"padded signature", joined(parts[0], parts[1], parts[2] + "==")},
        {"leading space", " " + token},
        {"trailing space", token + " "},
        {"trailing line end", token + "\n"},
        {"space inside", token.substr(0, 10) + " " + token.substr(10)},
        {"NUL at the end", token + std::string(1, '\0')},
        {"plus of the other alphabet", joined(parts[0], parts[1], "+" + parts[2].substr(1))},
        {"slash of the other alphabet", joined(parts[0], parts[1], "/" + parts[2].substr(1))},
        {"impossible length", joined(parts[0] + "A", parts[1], parts[2])},
        {"flattened JSON", R"({"protected":")" + parts[0] + R"(","payload":")" + parts[1] +
                               R"(","signature":")" + parts[2] + R"("})"},
        {"general JSON", R"({"payload":")" + parts[1] + R"(","signatures":[{"protected":")" + parts[0] +
                             R"(","signature":")" + parts[2] + R"("}]})"},
        {"nested", made(goodHeader, token)},
        {"nested, quoted", made(goodHeader, '"' + token + '"')},
    };
    for (const auto& [name, form] : forms)
        add(name, {form});
    // The last character of 64 bytes carries four bits that must be zero: the next one decodes to the same
    // bytes.
    std::string lastBits = token;
    lastBits.back() = static_cast<char>(lastBits.back() + 1);
    add("last bits of the signature set", {lastBits});
    const std::string claims = replaced(goodClaims, "{", R"({"x":")" + std::string(9000, 'x') + "\",");
    const std::string nearly = replaced(goodClaims, "{", R"({"x":")" + std::string(5000, 'x') + "\",");
    rows.push_back(
        {"9 KB and more", {made(goodHeader, claims)}, "invalid_token", {made(goodHeader, nearly)}});
    for (const auto& [name, payload] :
         {std::pair<const char*, std::string>{"payload is a list", "[" + goodClaims + "]"},
          {"payload is a text", "\"kernel\""},
          {"payload with a byte order mark", "\xEF\xBB\xBF" + goodClaims},
          {"payload with text behind", goodClaims + "}"},
          {"payload in invalid UTF-8", replaced(goodClaims, "kernel", "k\xC0\xAF")}})
        add(name, {made(goodHeader, payload)});
}

void Catalogue::addSignatures()
{
    const std::string message = unsignedPart(goodHeader, goodClaims);
    const std::string zero(32, '\0');
    const std::string order = "\xFF\xFF\xFF\xFF" + std::string(4, '\0') + std::string(8, '\xFF') +
                              "\xBC\xE6\xFA\xAD\xA7\x17\x9E\x84\xF3\xB9\xCA\xC2\xFC\x63\x25\x51";
    const std::string genuine = es256(message, catalogueWorld().pair);
    const std::string r = genuine.substr(0, 32);
    const std::string s = genuine.substr(32);
    std::string flipped = genuine;
    flipped[10] = static_cast<char>(flipped[10] ^ 1);
    const KeyPair wide = newKeyPair("P-384");
    const std::pair<const char*, std::string> signatures[] = {
        {"r and s are 0", zero + zero},
        {"r is 0", zero + s},
        {"s is 0", r + zero},
        {"r and s are the order", order + order},
        {"r is the order", order + s},
        {"s is the order", r + order},
        {"all bits set", std::string(64, '\xFF')},
        {"r and s swapped", s + r},
        {"63 bytes", genuine.substr(0, 63)},
        {"65 bytes", genuine + std::string(1, '\0')},
        {"65 bytes, led by 0", std::string(1, '\0') + genuine},
        {"32 bytes", r},
        {"128 bytes", genuine + genuine},
        {"DER", rawSignature(message, catalogueWorld().pair.get())},
        {"DER by a P-384 key", rawSignature(message, wide.get())},
        {"64 bytes by a P-384 key", rawSignature(message, wide.get()).substr(4, 64)},
        {"one bit flipped", flipped},
        {"of another key", es256(message, newKeyPair())},
        {"of another message", es256("another message", catalogueWorld().pair)},
        {"of the claims alone", es256(base64Url(goodClaims), catalogueWorld().pair)},
    };
    for (const auto& [name, signature] : signatures)
        rows.push_back({std::string("signature: ") + name,
                        {message + "." + base64Url(signature)},
                        "invalid_token",
                        {message + "." + base64Url(genuine)}});
}

void Catalogue::addIssuersAndAudiences()
{
    const std::string issuer = R"("iss":"enis-billing",)";
    claim("iss missing", issuer, "");
    for (const char* name : {"enis-billing.evil.example", "https://enis-billing", "enis-billin",
                             "ENIS-billing", "enis-billing ", "enis-billing\\u0000", ""})
        claim(std::string("iss '") + name + "'", issuer, std::string(R"("iss":")") + name + "\",");
    claim("iss is a list", issuer, R"("iss":["enis-billing"],)");
    const std::string audience = R"("aud":"enis-billing",)";
    claim("aud missing", audience, "");
    claim("aud substring", audience, R"("aud":"enis-billing-2",)");
    claim("aud prefix", audience, R"("aud":"enis",)");
    claim("aud empty list", audience, R"("aud":[],)", R"("aud":["enis-billing"],)");
    claim("aud list without us", audience, R"("aud":["a","b"],)", R"("aud":["a","enis-billing"],)");
    claim("aud list with a number", audience, R"("aud":["enis-billing",1],)",
          R"("aud":["enis-billing","1"],)");
    claim("aud is an object", audience, R"("aud":{"enis-billing":1},)");
    const std::string subject = R"("sub":"kernel",)";
    claim("sub missing", subject, "");
    claim("sub empty", subject, R"("sub":"",)");
    claim("sub is a number", subject, R"("sub":1,)");
    claim("sub with a line break", subject, R"("sub":"a\nb",)");
    claim("sub of 257 bytes", subject, R"("sub":")" + std::string(257, 'a') + "\",");
    for (const char* name : {"iss", "aud", "sub", "iat", "exp", "scope", "tenant", "cnf"})
        claim(std::string(name) + " twice", "{", std::string("{\"") + name + R"(":"a",)", R"({"jti":"a",)",
              "duplicate_key");
    claim("sub twice, escaped", subject, R"("sub":"kernel","\u0073ub":"admin",)", {}, "duplicate_key");
    claim("a member of cnf twice", R"("cnf":{)", R"("cnf":{"x5t#S256":"a",)", R"("cnf":{"x":"a",)",
          "duplicate_key");
    claim("an unknown claim twice, deep", "{", R"({"x":[{"y":1,"y":2}],)", R"({"x":[{"y":1,"z":2}],)",
          "duplicate_key");
    claim("too deep", "{", R"({"x":[[[[[[[[[1]]]]]]]]],)", R"({"x":[[1]],)");
}

void Catalogue::addTimes()
{
    const std::string expiry = R"("exp":1767229200,)";
    claim("exp missing", expiry, "");
    for (const char* value :
         {R"("1767229200")", "1e309", "1.767229200e9", "1767229200.5", "-1", "0", "null", "true",
          "[1767229200]", "18446744073709551616", "9223372036854775808", "253402300800"})
        claim(std::string("exp ") + value, expiry, std::string("\"exp\":") + value + ",");
    claim("lifetime of ten years", expiry, R"("exp":2082758400,)");
    claim("lifetime of an hour and a second", expiry, R"("exp":1767229201,)", R"("exp":1767229200,)");
    claim("no lifetime", expiry, R"("exp":1767225600,)", R"("exp":1767225601,)");
    claim("exp before iat", expiry, R"("exp":1767225599,)");
    const std::string issued = R"("iat":1767225600,)";
    claim("iat missing", issued, "");
    claim("iat is a text", issued, R"("iat":"1767225600",)");
    claim("iat a second beyond the leeway", issued, R"("iat":1767225631,)", R"("iat":1767225630,)");
    claim("iat far in the past", issued, R"("iat":1,)", R"("iat":1767225601,)");
    claim("nbf a second beyond the leeway", "{", R"({"nbf":1767225631,)", R"({"nbf":1767225630,)");
    claim("nbf in a year", "{", R"({"nbf":1798761600,)", R"({"nbf":1736000000,)");
    claim("nbf is a text", "{", R"({"nbf":"now",)", R"({"nbf":1767225600,)");
    claim("nbf is negative", "{", R"({"nbf":-1,)", R"({"nbf":1,)");
}

/// The same token, only the verifier's clock has moved.
void Catalogue::addClocks()
{
    const auto at = [this](std::int64_t seconds) { return TokenAttempt{good.token, seconds}; };
    rows.push_back({"a second before the leeway begins", at(-31), "invalid_token", at(-30)});
    rows.push_back({"when the leeway is over", at(3630), "expired_token", at(3629)});
    rows.push_back({"a second after the leeway", at(3631), "expired_token", at(3599)});
    rows.push_back({"ten years later", at(315'360'000), "expired_token", at(3600)});
    rows.push_back({"clock ten minutes behind", at(-600), "invalid_token", at(0)});
    const TokenAttempt brief{made(goodHeader, replaced(goodClaims, "1767229200", "1767225900")), 600};
    rows.push_back({"clock ten minutes ahead of a five-minute token", brief, "expired_token", at(600)});
}

void Catalogue::addRights()
{
    const std::string scope = R"("scope":"billing:read billing:write",)";
    claim("neither scope nor role", scope, "", R"("role":"auditor",)");
    for (const char* text :
         {"billing:all", "*", "billing:*", "billing:read billing:read", "", " billing:read", "billing:read ",
          "billing:read  billing:write", "Billing:Read", "billing:read,billing:write", "billing:read admin"})
        claim(std::string("scope '") + text + "'", scope, std::string(R"("scope":")") + text + "\",",
              R"("scope":"billing:read",)");
    claim("scope is a list", scope, R"("scope":["billing:read"],)",
          R"("scope":"billing:write billing:read",)");
    claim("role unknown", scope, R"("role":"root",)", R"("role":"admin",)");
    claim("role in capitals", scope, R"("role":"ADMIN",)", R"("role":"finance",)");
    claim("roles as a list", scope, R"("role":["admin"],)", R"("role":"accountant",)");
    const std::string tenant = R"("tenant":"acme-corp",)";
    for (const char* text :
         {"../acme", "ACME", "acme corp", "a", "", "*", "current", "acme\\u0000", "аcme-corp"})
        claim(std::string("tenant '") + text + "'", tenant, std::string(R"("tenant":")") + text + "\",",
              R"("tenant":"acme-2",)");
    claim("tenant is null", tenant, R"("tenant":null,)", " ");
    claim("tenants as a list", tenant, R"("tenant":["acme-corp","other-corp"],)");
}

void Catalogue::addBindings()
{
    const std::string unbound = "token_not_bound_to_certificate";
    claim("cnf missing", "," + confirmation, "", {}, unbound);
    claim("cnf is null", confirmation, R"("cnf":null)", {}, unbound);
    claim("cnf is a text", confirmation, R"("cnf":"BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc")", {},
          unbound);
    claim("cnf names a key instead", confirmation,
          R"("cnf":{"jkt":"BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc"})", {}, unbound);
    claim("cnf of SHA-1", "x5t#S256", "x5t", {}, unbound);
    claim("cnf of another certificate", "BwcHBwc", "CAcHBwc", {}, unbound);
    claim("cnf in hex", "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc",
          "0707070707070707070707070707070707070707070707070707070707070707", {}, unbound);
    claim("cnf padded", "HBwcHBwc\"", "HBwcHBwc=\"", {}, unbound);
    claim("cnf with last bits set", "HBwcHBwc\"", "HBwcHBwd\"", {}, unbound);
    claim("cnf of 31 bytes", "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc",
          "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBw", {}, unbound);
    claim("cnf empty", "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc", "", {}, unbound);
    rows.push_back({"over another client's connection", {good.token, 0, 8}, unbound, good});
    rows.push_back({"over a connection without a certificate", {good.token, 0, 0}, unbound, good});
    // The issuer's own certificate is made of nines here: that it signed does not make it the bearer.
    const std::string issuers = replaced(goodClaims, "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc",
                                         "CQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQk");
    rows.push_back({"bound to the issuer's certificate",
                    {made(goodHeader, issuers)},
                    unbound,
                    {made(goodHeader, issuers), 0, 9}});
}

} // namespace

World& catalogueWorld()
{
    static World made;
    return made;
}

const std::vector<TokenRow>& tokenCatalogue()
{
    static const Catalogue made;
    return made.rows;
}

} // namespace billing::access::test
