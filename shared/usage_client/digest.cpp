#include "shared/usage_client/digest.h"

#include "shared/kernel/assert.h"

#include <memory>
#include <openssl/evp.h>

namespace billing::client {

namespace {

struct Free
{
    void operator()(EVP_MD* algorithm) const { EVP_MD_free(algorithm); }
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

/// Looked up once: OpenSSL's own short forms look it up for every text, which costs more than the digest.
const EVP_MD* sha256()
{
    static const std::unique_ptr<EVP_MD, Free> algorithm(EVP_MD_fetch(nullptr, "SHA256", nullptr));
    return algorithm.get();
}

} // namespace

std::array<std::uint64_t, 2> digestOf(std::string_view bytes)
{
    static thread_local const std::unique_ptr<EVP_MD_CTX, Free> context(EVP_MD_CTX_new());
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
    const bool done = EVP_DigestInit_ex2(context.get(), sha256(), nullptr) == 1 &&
                      EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()) == 1 &&
                      EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) == 1;
    BILLING_ASSERT(done);
    std::array<std::uint64_t, 2> numbers = {};
    for (std::size_t index = 0; index < 16; ++index)
        numbers[index / 8] = numbers[index / 8] << 8 | digest[index];
    return numbers;
}

} // namespace billing::client
