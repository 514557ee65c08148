// Files that hold secrets: made once with mode 0600 and never overwritten, read only when nobody else may.
// Any thread.
#pragma once

#include "shared/kernel/result.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace billing::access {

enum class FileAudience
{
    Owner,    ///< 0600
    Everyone, ///< 0644
};

/// On disk when it returns. Refuses AlreadyExists, FileUnwritable.
Result<void> writeNewFile(const std::filesystem::path& path, std::string_view text, FileAudience audience);

/// Refuses FileUnreadable, TooLong (over 64 KiB), InvalidConfiguration when group or others have any right to
/// it.
Result<std::string> readPrivateFile(const std::filesystem::path& path);

} // namespace billing::access
