#include "server/audit/checkpoint_file.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include <fcntl.h>
#include <unistd.h>

namespace billing::audit {

namespace {

Error unwritable(const std::filesystem::path& file)
{
    return {ErrorCode::FileUnwritable, file.string(), std::strerror(errno)};
}

bool writeAll(int descriptor, std::string_view text)
{
    while (!text.empty()) {
        const ssize_t written = ::write(descriptor, text.data(), text.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return false;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

bool syncDirectory(const std::filesystem::path& directory)
{
    const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return false;
    const bool done = ::fsync(descriptor) == 0;
    ::close(descriptor);
    return done;
}

} // namespace

Result<CheckpointLines> readLines(const std::filesystem::path& file)
{
    std::error_code none;
    if (!std::filesystem::exists(file, none))
        return CheckpointLines{{}, 0};
    std::ifstream stream(file, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
    if (!stream)
        return Error{ErrorCode::FileUnreadable, file.string()};
    CheckpointLines lines{{}, 0};
    for (auto end = text.find('\n'); end != std::string::npos; end = text.find('\n', lines.wholeSize)) {
        lines.whole.push_back(text.substr(lines.wholeSize, end - lines.wholeSize));
        lines.wholeSize = end + 1;
    }
    return lines;
}

Result<void> appendLine(const std::filesystem::path& file, std::string_view line)
{
    const auto before = readLines(file);
    return before ? appendLineAt(file, before->wholeSize, line) : before.error();
}

Result<void> appendLineAt(const std::filesystem::path& file, std::uint64_t wholeSize, std::string_view line)
{
    std::error_code failed;
    std::filesystem::create_directories(file.parent_path(), failed);
    const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    if (failed || descriptor < 0)
        return unwritable(file);
    const auto start = static_cast<off_t>(wholeSize);
    const bool done = ::ftruncate(descriptor, start) == 0 && ::lseek(descriptor, start, SEEK_SET) == start &&
                      writeAll(descriptor, std::string(line) + '\n') && ::fsync(descriptor) == 0 &&
                      syncDirectory(file.parent_path());
    const Result<void> answer = done ? Result<void>() : unwritable(file);
    ::close(descriptor);
    return answer;
}

} // namespace billing::audit
