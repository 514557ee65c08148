#include "server/secrets/message_code.h"

#include "shared/kernel/assert.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace billing::secrets {

std::string messageCode(std::string_view key, std::string_view message)
{
    std::string code(32, '\0');
    unsigned int size = 0;
    const unsigned char* done = HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
                                     reinterpret_cast<const unsigned char*>(message.data()), message.size(),
                                     reinterpret_cast<unsigned char*>(code.data()), &size);
    BILLING_ASSERT(done != nullptr && size == code.size());
    return code;
}

bool equalInConstantTime(std::string_view a, std::string_view b)
{
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

} // namespace billing::secrets
