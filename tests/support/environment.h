// Where a test finds the house: set by ctest (shared/rooms.cmake). Assert when the variable is missing,
// except sharedDirectory, which may be absent in a clean clone.
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

namespace billing::test {

/// The root of the source tree.
std::filesystem::path sourceDirectory();
/// Where the build put that program, e.g. "billing-server"; it need not exist yet.
std::filesystem::path builtProgram(std::string_view name);
/// The directory with the data sets beside the source tree, or nothing.
std::optional<std::filesystem::path> sharedDirectory();

} // namespace billing::test
