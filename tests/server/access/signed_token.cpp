#include "tests/server/access/signed_token.h"

#include "server/access/base64url.h"
#include "server/secrets/private_file.h"
#include "shared/kernel/assert.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>

#include <vector>

namespace billing::access::test {

namespace {

std::string number(const KeyPair& pair, const char* name)
{
    BIGNUM* value = nullptr;
    EVP_PKEY_get_bn_param(pair.get(), name, &value);
    std::string bytes(32, '\0');
    BN_bn2binpad(value, reinterpret_cast<unsigned char*>(bytes.data()), 32);
    BN_free(value);
    return base64Url(bytes);
}

} // namespace

KeyPair newKeyPair(const char* curve)
{
    return KeyPair(EVP_EC_gen(curve), EVP_PKEY_free);
}

std::string jwk(const KeyPair& pair, const std::string& keyId)
{
    std::string text = R"({"kty":"EC","crv":"P-256","kid":")" + keyId;
    text.append(R"(","x":")").append(number(pair, OSSL_PKEY_PARAM_EC_PUB_X));
    text.append(R"(","y":")").append(number(pair, OSSL_PKEY_PARAM_EC_PUB_Y));
    text.append(R"(","d":")").append(number(pair, OSSL_PKEY_PARAM_PRIV_KEY));
    return text.append("\"}");
}

World::World()
{
    const auto written = secrets::createFile(directory.file("jwt-1767225600-test.jwk"), jwk(pair, keyId),
                                             secrets::Audience::OwnerOnly);
    BILLING_ASSERT(written.has_value());
    auto loaded = SigningKeys::load(directory.path());
    BILLING_ASSERT(loaded.has_value());
    keys = std::make_shared<const SigningKeys>(std::move(*loaded));
    kernel.sha256.fill(7);
}

std::string base64Url(std::string_view text)
{
    return toBase64Url({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

std::string es256(std::string_view message, const KeyPair& pair)
{
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    std::vector<unsigned char> der(128);
    std::size_t length = der.size();
    const bool made =
        EVP_DigestSignInit(context, nullptr, EVP_sha256(), nullptr, pair.get()) == 1 &&
        EVP_DigestSign(context, der.data(), &length, reinterpret_cast<const unsigned char*>(message.data()),
                       message.size()) == 1;
    BILLING_ASSERT(made);
    EVP_MD_CTX_free(context);
    const unsigned char* start = der.data();
    ECDSA_SIG* parts = d2i_ECDSA_SIG(nullptr, &start, static_cast<long>(length));
    std::string bytes(64, '\0');
    auto* out = reinterpret_cast<unsigned char*>(bytes.data());
    BN_bn2binpad(ECDSA_SIG_get0_r(parts), out, 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(parts), out + 32, 32);
    ECDSA_SIG_free(parts);
    return bytes;
}

std::string signedToken(std::string_view header, std::string_view claims, const KeyPair& pair)
{
    std::string token = base64Url(header);
    token.append(".").append(base64Url(claims));
    const std::string signature = es256(token, pair);
    return token.append(".").append(base64Url(signature));
}

} // namespace billing::access::test
