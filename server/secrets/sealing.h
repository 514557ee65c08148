// Sealing of personal data with AES-256-GCM. A sealed value opens only in the place it was sealed for:
// tenant, table, column and row are authenticated with it. Layout: format (1 byte, 1), key version (4, big
// endian), nonce (12, random), ciphertext, tag (16). One key seals at most 2^32 values (NIST SP 800-38D). Any
// thread.
#pragma once

#include "server/secrets/key_ring.h"

#include <string>
#include <string_view>

namespace billing::secrets {

/// The place of a sealed value.
struct SealContext
{
    std::string_view tenant;
    std::string_view table;
    std::string_view column;
    std::string_view row;
};

class Sealer
{
public:
    /// Both outlive the sealer.
    Sealer(const KeyRing& keys, SecureRandom& random);

    std::string seal(std::string_view plain, const SealContext& context) const;
    /// Refuses SealBroken when it is too short, of an unknown format, changed, or of another place;
    /// UnknownKeyVersion. No byte comes out before the tag was checked.
    Result<std::string> open(std::string_view sealed, const SealContext& context) const;

private:
    const KeyRing& m_keys;
    SecureRandom& m_random;
};

} // namespace billing::secrets
