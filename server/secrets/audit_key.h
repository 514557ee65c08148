// The Ed25519 key that signs audit checkpoints: private in D/keys/audit-ed25519.pem, public beside it in
// D/keys/audit-ed25519.pub.pem, which auditors take away with them. Any thread.
#pragma once

#include "shared/kernel/result.h"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

struct evp_pkey_st;

namespace billing::secrets {

/// Checks signatures.
class AuditPublicKey
{
public:
    /// Refuses FileUnreadable, then InvalidKey.
    static Result<AuditPublicKey> load(const std::filesystem::path& file);

    bool verifies(std::string_view message, std::string_view signature) const;

private:
    friend class AuditKey;
    explicit AuditPublicKey(std::shared_ptr<evp_pkey_st> key);

    std::shared_ptr<evp_pkey_st> m_key;
};

/// Signs.
class AuditKey
{
public:
    /// Makes both files. Refuses AlreadyExists, FileUnwritable.
    static Result<AuditKey> create(const std::filesystem::path& privateFile,
                                   const std::filesystem::path& publicFile);
    /// Refuses FileUnreadable (missing, or readable by others), then InvalidKey.
    static Result<AuditKey> load(const std::filesystem::path& privateFile);

    std::string sign(std::string_view message) const; ///< 64 bytes
    AuditPublicKey publicKey() const;

private:
    explicit AuditKey(std::shared_ptr<evp_pkey_st> key);

    std::shared_ptr<evp_pkey_st> m_key;
};

} // namespace billing::secrets
