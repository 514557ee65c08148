// The keys personal data is sealed with: 256-bit AES keys, numbered from 1. The newest seals, all of them
// open, so that a rotation needs no moment at which everything changes. Kept in one file,
// D/keys/sealing.keys, one line per key: "1 <64 hex digits>". The bytes of keys are wiped when the ring goes.
// Any thread once loaded.
#pragma once

#include "shared/kernel/ports.h"
#include "shared/kernel/result.h"

#include <array>
#include <filesystem>
#include <vector>

namespace billing::secrets {

using KeyBytes = std::array<std::byte, 32>;

class KeyRing
{
public:
    /// A new ring of one key in a new file. Refuses AlreadyExists, FileUnwritable.
    static Result<KeyRing> create(const std::filesystem::path& file, SecureRandom& random);
    /// Refuses FileUnreadable (missing, or readable by others), then InvalidKey, naming the line: not 64 hex
    /// digits, all zero, versions not 1, 2, 3, ..., no key at all.
    static Result<KeyRing> load(const std::filesystem::path& file);
    /// Adds a key, on the disk first. Refuses FileUnwritable; the ring is then as before.
    Result<void> rotate(const std::filesystem::path& file, SecureRandom& random);

    ~KeyRing();
    KeyRing(KeyRing&&) noexcept = default;
    KeyRing& operator=(KeyRing&&) = delete;
    KeyRing(const KeyRing&) = delete;
    KeyRing& operator=(const KeyRing&) = delete;

    std::uint32_t newest() const { return static_cast<std::uint32_t>(m_keys.size()); }
    /// Refuses UnknownKeyVersion.
    Result<const KeyBytes*> key(std::uint32_t version) const;

private:
    KeyRing() = default;
    static Result<KeyRing> parse(std::string_view text, const std::filesystem::path& file);
    std::string toText() const;

    std::vector<KeyBytes> m_keys;
};

} // namespace billing::secrets
