// Makes a data directory of a backup, and says that it is good only after proving it: every file's digest,
// then migrations, check-invariants, verify-audit and every drawn document. The keys are in place already;
// without the very ones the backup names nothing is copied.
#pragma once

#include "server/app/backup_manifest.h"
#include "server/app/command_output.h"
#include "server/app/configuration.h"
#include "shared/kernel/ports.h"

namespace billing::app {

struct RestorePorts
{
    const Clock& clock;
    Random& random;
};

/// The manifest of a backup whose files are all as they were, and whose keys are those of the directory.
/// Refuses, in order: FileUnreadable (no backup there, or an interrupted one; a key file that is missing, by
/// name), MalformedJson, CheckpointBroken (manifest changed), InvalidKey (other sealing keys),
/// FileUnreadable, StorageCorrupt (a file that is missing, changed or cut off, by name).
Result<BackupManifest> checkBackup(const std::filesystem::path& backup, const DataDirectory& keysOf);

/// Copies a checked backup. The target holds nothing but keys, pki and billing.toml. Refuses AlreadyExists,
/// InvalidConfiguration (another engine), FileUnwritable, and what storage refuses.
Result<void> copyBack(const std::filesystem::path& backup, const BackupManifest& manifest,
                      const Configuration& target, RestorePorts ports);

/// Opens what was restored and checks it, with findings to the output; true when all is well. What is not
/// good is put out of the way, so that no server starts on it. Refuses as House::open and as storage.
Result<bool> proveRestored(const Configuration& target, CommandOutput& output, RestorePorts ports);

} // namespace billing::app
