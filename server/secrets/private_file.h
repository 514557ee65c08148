// Files that hold secrets: written whole, flushed to the disk and readable by their owner only; refused when
// anybody else may read or write them. Any thread.
#pragma once

#include "shared/kernel/result.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace billing::secrets {

enum class Audience
{
    OwnerOnly, ///< mode 0600
    Everyone   ///< mode 0644: public keys
};

/// Never overwrites: refuses AlreadyExists; then FileUnwritable.
Result<void> createFile(const std::filesystem::path& file, std::string_view content, Audience audience);
/// Takes the place of the old file in one step, or leaves it as it is. Refuses FileUnwritable.
Result<void> replaceFile(const std::filesystem::path& file, std::string_view content, Audience audience);

/// Refuses FileUnreadable when it is missing, longer than 64 KiB, or not its owner's alone.
Result<std::string> readPrivateFile(const std::filesystem::path& file);

} // namespace billing::secrets
