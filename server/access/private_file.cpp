#include "server/access/private_file.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace billing::access {

namespace {

constexpr std::size_t fileBytesMax = 64 * 1024;

Error refused(ErrorCode code, const std::filesystem::path& path, std::string why)
{
    return {code, path.string(), std::move(why)};
}

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
    int number() const { return m_number; }

private:
    int m_number;
};

bool writeAll(int file, std::string_view text)
{
    while (!text.empty()) {
        const ssize_t count = ::write(file, text.data(), text.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return false;
        text.remove_prefix(static_cast<std::size_t>(count));
    }
    return ::fsync(file) == 0;
}

} // namespace

Result<void> writeNewFile(const std::filesystem::path& path, std::string_view text, FileAudience audience)
{
    const mode_t mode = audience == FileAudience::Owner ? 0600 : 0644;
    const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode));
    if (file.number() < 0)
        return refused(errno == EEXIST ? ErrorCode::AlreadyExists : ErrorCode::FileUnwritable, path,
                       std::strerror(errno));
    // fchmod, since the process's umask may have taken rights that everyone is meant to have
    if (::fchmod(file.number(), mode) != 0 || !writeAll(file.number(), text)) {
        const Error error = refused(ErrorCode::FileUnwritable, path, std::strerror(errno));
        ::unlink(path.c_str());
        return error;
    }
    return {};
}

Result<std::string> readPrivateFile(const std::filesystem::path& path)
{
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat status = {};
    if (file.number() < 0 || ::fstat(file.number(), &status) != 0 || !S_ISREG(status.st_mode))
        return refused(ErrorCode::FileUnreadable, path, "cannot be opened");
    if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return refused(ErrorCode::InvalidConfiguration, path, "others have rights to this secret");
    std::string text;
    std::array<char, 4096> buffer = {};
    while (true) {
        const ssize_t count = ::read(file.number(), buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return refused(ErrorCode::FileUnreadable, path, std::strerror(errno));
        if (count == 0)
            return text;
        text.append(buffer.data(), static_cast<std::size_t>(count));
        if (text.size() > fileBytesMax)
            return refused(ErrorCode::TooLong, path, "no key is this long");
    }
}

} // namespace billing::access
