// Everything a data directory needs to live again, but its keys: copied while the server works, as it was at
// one moment after the call. Checkpoints are copied before the database and documents after it, so that no
// checkpoint names what the copy lacks and every document its rows name is there.
//
//     DIR/backup.json                          last: what is here, signed
//     DIR/database/billing.sqlite              or billing.pgdump
//     DIR/documents/ab/ab12....pdf.sealed      sealed as they lie
//     DIR/checkpoints/checkpoints.jsonl
//     DIR/configuration/issuer.toml, billing.toml
#pragma once

#include "server/app/backup_manifest.h"
#include "server/app/house.h"

namespace billing::app {

constexpr std::string_view manifestName = "backup.json";

/// Written to DIR.partial, then named DIR. Refuses AlreadyExists (DIR, or what an interrupted backup left),
/// FileUnreadable, FileUnwritable, and what storage refuses; the half is then removed.
Result<BackupManifest> makeBackup(House& house, const std::filesystem::path& directory);

} // namespace billing::app
