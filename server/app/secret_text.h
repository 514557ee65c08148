// A secret a configuration names by its file, such as a database password: one line, mode 0600. Any thread.
#pragma once

#include "shared/kernel/result.h"

#include <filesystem>
#include <string>

namespace billing::app {

/// Without the line feed at its end. Refuses FileUnreadable (missing, or not its owner's alone), then
/// InvalidValue: empty, longer than 1,024 bytes, or holding a control character such as a second line.
Result<std::string> readSecretText(const std::filesystem::path& file);

/// That the file is there and its owner's alone. Refuses FileUnreadable.
Result<void> checkPrivate(const std::filesystem::path& file);

} // namespace billing::app
