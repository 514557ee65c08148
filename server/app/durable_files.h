// Files that must be there after a power cut: copied, written and named with their flushes, mode 0600, and
// known by their SHA-256. Any thread.
#pragma once

#include "shared/kernel/result.h"

#include <filesystem>
#include <string>

namespace billing::app {

struct FileDigest
{
    std::int64_t size;
    std::string sha256; ///< 64 lower-case hex digits

    friend bool operator==(const FileDigest&, const FileDigest&) = default;
};

/// Refuses FileUnreadable.
Result<FileDigest> digestOf(const std::filesystem::path& file);

/// A new file with the first `size` bytes of another; directories on the way are made. Refuses AlreadyExists,
/// FileUnreadable (shorter than that, too), FileUnwritable.
Result<void> copyFirstBytes(const std::filesystem::path& from, const std::filesystem::path& to,
                            std::int64_t size);
/// The whole of it.
Result<void> copyFile(const std::filesystem::path& from, const std::filesystem::path& to);

/// Flushes every directory from this one on down. Refuses FileUnwritable.
Result<void> syncTree(const std::filesystem::path& directory);
/// Gives a file or directory its name at last, and flushes that. Refuses FileUnwritable.
Result<void> renameDurably(const std::filesystem::path& from, const std::filesystem::path& to);

} // namespace billing::app
