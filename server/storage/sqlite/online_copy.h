// A copy of the SQLite file as it is at one moment, while its owner goes on writing: SQLite's online backup,
// from a reading connection whose snapshot is held, so that it never starts again and blocks nobody. Inside
// the process that owns the file only. Any thread.
#pragma once

#include "shared/kernel/result.h"

#include <filesystem>

namespace billing::sqlite {

/// Everything committed before the call is in the copy, a new file of mode 0600 on the disk. Refuses
/// AlreadyExists, then StorageUnavailable, StorageFull, StorageCorrupt; a file it began is removed.
Result<void> copyOnline(const std::filesystem::path& from, const std::filesystem::path& to);

} // namespace billing::sqlite
