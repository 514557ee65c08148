// OpenSSL's generator as the SecureRandom of the house: it reseeds itself after a fork and asserts rather
// than hand out bytes it is not sure of. Any thread.
#pragma once

#include "shared/kernel/ports.h"

namespace billing::secrets {

class OpenSslRandom final : public SecureRandom
{
public:
    void fill(std::span<std::byte> bytes) override;
};

} // namespace billing::secrets
