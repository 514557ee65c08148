// One process owns a data file: an exclusive flock on a file beside it, held for the life of this object. The
// file stays behind; the kernel drops the lock when the process dies, however it dies.
#pragma once

#include "shared/kernel/result.h"

#include <filesystem>

namespace billing::sqlite {

class FileLock
{
public:
    /// Refuses StorageUnavailable when the lock file cannot be made, DataDirectoryInUse when another holds
    /// it.
    static Result<FileLock> take(const std::filesystem::path& lockFile);
    ~FileLock();
    FileLock(FileLock&& other) noexcept;
    FileLock& operator=(FileLock&& other) noexcept;

private:
    explicit FileLock(int descriptor)
        : m_descriptor(descriptor)
    {
    }

    int m_descriptor;
};

} // namespace billing::sqlite
