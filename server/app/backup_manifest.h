// backup.json, the last file of a backup: what is in it, file by file with its SHA-256, when it was taken, by
// which version, and which keys it needs. Signed with the audit key, so that neither a file nor the manifest
// can be changed unseen. A directory without one is no backup, or an interrupted one.
#pragma once

#include "server/app/durable_files.h"
#include "server/secrets/audit_key.h"
#include "server/secrets/key_ring.h"
#include "shared/kernel/instant.h"

#include <vector>

namespace billing::app {

struct BackupFile
{
    std::string path; ///< below the backup, with slashes
    FileDigest digest;

    friend bool operator==(const BackupFile&, const BackupFile&) = default;
};

struct BackupManifest
{
    std::string engine; ///< "sqlite" or "postgresql"
    Instant startedAt;  ///< what was acknowledged before is in it
    Instant finishedAt;
    std::vector<std::string> sealingKeys = {}; ///< fingerprints of the ring, in order
    std::vector<BackupFile> files = {};

    friend bool operator==(const BackupManifest&, const BackupManifest&) = default;
};

/// What tells keys apart without telling them: 16 hex digits each, in the order of the ring.
std::vector<std::string> fingerprintsOf(const secrets::KeyRing& keys);

/// The file's text.
std::string encodeManifest(const BackupManifest& manifest, const secrets::AuditKey& key);
/// Refuses MalformedJson for what is no manifest of this format, CheckpointBroken for a signature that does
/// not hold, InvalidValue for a file outside the backup.
Result<BackupManifest> decodeManifest(std::string_view text, const secrets::AuditPublicKey& key);

} // namespace billing::app
