// A certificate authority for a developer's machine and for tests: one P-256 CA that signs a server
// certificate for localhost and client certificates for the kernel and the console. Not for production, where
// the operator's own CA issues them. Any thread.
#pragma once

#include "shared/kernel/ports.h"
#include "shared/kernel/result.h"

#include <array>
#include <cstdint>
#include <filesystem>

namespace billing::access {

/// Makes `directory` and in it {ca,server,kernel,console}.crt and .key (PEM, keys 0600), valid for 397 days
/// from now. Refuses AlreadyExists when one of the files is there, FileUnwritable.
Result<void> createDevelopmentPki(const std::filesystem::path& directory, const Clock& clock);

/// SHA-256 of the certificate's DER form: what a token's cnf.x5t#S256 names. Refuses FileUnreadable.
Result<std::array<std::uint8_t, 32>> certificateThumbprint(const std::filesystem::path& certificate);

} // namespace billing::access
