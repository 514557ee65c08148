// The file of checkpoints as lines: read whole, appended to with a flush to the disk. A last line without its
// line feed was being written when the power went; it never counted.
#pragma once

#include "shared/kernel/result.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace billing::audit {

struct CheckpointLines
{
    std::vector<std::string> whole;
    std::uint64_t wholeSize; ///< bytes of the file that they fill
};

/// A missing file has no lines. Refuses FileUnreadable.
Result<CheckpointLines> readLines(const std::filesystem::path& file);

/// Makes the file and its directory if need be, cuts off an unfinished line, adds this one. Refuses
/// FileUnreadable, FileUnwritable.
Result<void> appendLine(const std::filesystem::path& file, std::string_view line);
/// The same for a file whose whole lines are known to fill its first bytes. Refuses FileUnwritable.
Result<void> appendLineAt(const std::filesystem::path& file, std::uint64_t wholeSize, std::string_view line);

} // namespace billing::audit
