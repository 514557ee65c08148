#include "server/secrets/sha256.h"

#include "shared/kernel/assert.h"

#include <openssl/evp.h>

#include <memory>

namespace billing::secrets {

namespace {

struct Digester
{
    std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> algorithm{EVP_MD_fetch(nullptr, "SHA256", nullptr),
                                                              &EVP_MD_free};
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
};

} // namespace

Sha256 sha256(std::string_view bytes)
{
    thread_local const Digester digester;
    Sha256 digest{};
    unsigned int size = 0;
    EVP_MD_CTX* context = digester.context.get();
    const bool done = EVP_DigestInit_ex(context, digester.algorithm.get(), nullptr) == 1 &&
                      EVP_DigestUpdate(context, bytes.data(), bytes.size()) == 1 &&
                      EVP_DigestFinal_ex(context, digest.data(), &size) == 1;
    BILLING_ASSERT(done && size == digest.size());
    return digest;
}

std::string toBytes(const Sha256& digest)
{
    return {digest.begin(), digest.end()};
}

std::string toHex(const Sha256& digest)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    text.reserve(2 * digest.size());
    for (const std::uint8_t byte : digest) {
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

} // namespace billing::secrets
