// A directory of its own for one test, under the system's temporary directory; gone with everything in it at
// the end of the scope. Asserts when it cannot be made.
#pragma once

#include <filesystem>
#include <string_view>

namespace billing::test {

class TemporaryDirectory
{
public:
    TemporaryDirectory();
    ~TemporaryDirectory();
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

    const std::filesystem::path& path() const noexcept { return m_path; }
    /// The path of a file in it, which need not exist.
    std::filesystem::path file(std::string_view name) const { return m_path / name; }

private:
    std::filesystem::path m_path;
};

} // namespace billing::test
