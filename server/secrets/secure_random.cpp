#include "server/secrets/secure_random.h"

#include "shared/kernel/assert.h"

#include <openssl/rand.h>

namespace billing::secrets {

void OpenSslRandom::fill(std::span<std::byte> bytes)
{
    const int done =
        RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
    BILLING_ASSERT(done == 1);
}

} // namespace billing::secrets
