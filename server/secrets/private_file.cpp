#include "server/secrets/private_file.h"

#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace billing::secrets {

namespace {

constexpr std::size_t longest = 64 * 1024;

class Descriptor
{
public:
    explicit Descriptor(int number)
        : m_number(number)
    {
    }
    ~Descriptor()
    {
        if (m_number >= 0)
            ::close(m_number);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    bool isOpen() const { return m_number >= 0; }
    int number() const { return m_number; }

private:
    int m_number;
};

Error refusal(ErrorCode code, const std::filesystem::path& file, int reason)
{
    return {code, file.string(), std::strerror(reason)};
}

bool writeAll(int descriptor, std::string_view content)
{
    while (!content.empty()) {
        const ssize_t written = ::write(descriptor, content.data(), content.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return false;
        content.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

/// The name of a file is on the disk only after its directory is.
bool syncDirectory(const std::filesystem::path& file)
{
    const auto parent = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
    const Descriptor directory(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    return directory.isOpen() && ::fsync(directory.number()) == 0;
}

} // namespace

Result<void> createFile(const std::filesystem::path& file, std::string_view content, Audience audience)
{
    const mode_t mode = audience == Audience::OwnerOnly ? 0600 : 0644;
    const Descriptor made(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
    if (!made.isOpen())
        return refusal(errno == EEXIST ? ErrorCode::AlreadyExists : ErrorCode::FileUnwritable, file, errno);
    const bool done = writeAll(made.number(), content) && ::fchmod(made.number(), mode) == 0 &&
                      ::fsync(made.number()) == 0 && syncDirectory(file);
    if (done)
        return {};
    const int reason = errno;
    ::unlink(file.c_str());
    return refusal(ErrorCode::FileUnwritable, file, reason);
}

Result<void> replaceFile(const std::filesystem::path& file, std::string_view content, Audience audience)
{
    const std::filesystem::path fresh = file.string() + ".new";
    ::unlink(fresh.c_str()); // left by a run that was killed here
    if (const auto made = createFile(fresh, content, audience); !made)
        return Error{ErrorCode::FileUnwritable, made.error().subject, made.error().detail};
    if (::rename(fresh.c_str(), file.c_str()) != 0 || !syncDirectory(file))
        return refusal(ErrorCode::FileUnwritable, file, errno);
    return {};
}

Result<std::string> readPrivateFile(const std::filesystem::path& file)
{
    const Descriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat status = {};
    if (!opened.isOpen() || ::fstat(opened.number(), &status) != 0)
        return refusal(ErrorCode::FileUnreadable, file, errno);
    if (!S_ISREG(status.st_mode))
        return Error{ErrorCode::FileUnreadable, file.string(), "not a regular file"};
    if ((status.st_mode & 077) != 0 || status.st_uid != ::geteuid())
        return Error{ErrorCode::FileUnreadable, file.string(), "must belong to its reader alone (mode 0600)"};
    std::string content(longest + 1, '\0');
    std::size_t size = 0;
    while (size < content.size()) {
        const ssize_t got = ::read(opened.number(), content.data() + size, content.size() - size);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return refusal(ErrorCode::FileUnreadable, file, errno);
        if (got == 0)
            break;
        size += static_cast<std::size_t>(got);
    }
    if (size > longest)
        return Error{ErrorCode::FileUnreadable, file.string(), "longer than 64 KiB"};
    content.resize(size);
    return content;
}

} // namespace billing::secrets
