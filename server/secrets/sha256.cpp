#include "server/secrets/sha256.h"

#include "shared/kernel/assert.h"

#include <openssl/evp.h>

namespace billing {

namespace {

struct Context
{
    EVP_MD* digest = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    EVP_MD_CTX* context = EVP_MD_CTX_new();

    Context() { BILLING_ASSERT(digest != nullptr && context != nullptr); }
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;
    ~Context()
    {
        EVP_MD_CTX_free(context);
        EVP_MD_free(digest);
    }
};

} // namespace

Sha256 sha256(std::string_view bytes)
{
    thread_local const Context hash;
    Sha256 result{};
    const bool done = EVP_DigestInit_ex2(hash.context, hash.digest, nullptr) == 1 &&
                      EVP_DigestUpdate(hash.context, bytes.data(), bytes.size()) == 1 &&
                      EVP_DigestFinal_ex(hash.context, result.data(), nullptr) == 1;
    BILLING_ASSERT(done);
    return result;
}

std::string sha256Bytes(std::string_view bytes)
{
    const Sha256 hash = sha256(bytes);
    return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

std::string toHex(std::string_view bytes)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const char c : bytes) {
        text += digits[static_cast<unsigned char>(c) >> 4];
        text += digits[static_cast<unsigned char>(c) & 15];
    }
    return text;
}

} // namespace billing
