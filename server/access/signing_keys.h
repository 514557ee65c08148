// The ES256 (P-256) key pairs that sign development tokens and verify every token, as JWK files jwt-<kid>.jwk
// with mode 0600. A kid is "<seconds since 1970>-<16 characters of the key's RFC 7638 thumbprint>", so that
// the youngest key sorts last; it signs, the others still verify until their file goes. Immutable once
// loaded; any thread.
#pragma once

#include "shared/kernel/ports.h"
#include "shared/kernel/result.h"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct _cjose_jwk_int;

namespace billing::access {

class SigningKey
{
public:
    SigningKey(std::string keyId, std::shared_ptr<_cjose_jwk_int> pair)
        : m_keyId(std::move(keyId))
        , m_pair(std::move(pair))
    {
    }
    const std::string& keyId() const noexcept { return m_keyId; }
    _cjose_jwk_int* native() const noexcept { return m_pair.get(); }

private:
    std::string m_keyId;
    std::shared_ptr<_cjose_jwk_int> m_pair;
};

class SigningKeys
{
public:
    /// Reads every jwt-*.jwk of the directory. Refuses FileUnreadable (also when others have rights to a
    /// file), InvalidConfiguration when there is none, InvalidKey for anything but a P-256 pair whose kid is
    /// its file's name.
    static Result<SigningKeys> load(const std::filesystem::path& directory);

    const SigningKey* find(std::string_view keyId) const;
    const SigningKey& youngest() const;

private:
    explicit SigningKeys(std::vector<SigningKey> keys)
        : m_keys(std::move(keys))
    {
    }
    std::vector<SigningKey> m_keys; ///< by kid, never empty
};

/// Makes the directory (0700) and a new key in it; the result is its kid. Refuses AlreadyExists,
/// FileUnwritable.
Result<std::string> createSigningKey(const std::filesystem::path& directory, const Clock& clock);

} // namespace billing::access
