#include "server/app/durable_files.h"

#include "server/secrets/sha256.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace billing::app {

namespace {

namespace fs = std::filesystem;

struct Descriptor
{
    explicit Descriptor(int opened)
        : number(opened)
    {
    }
    ~Descriptor()
    {
        if (number >= 0)
            ::close(number);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int number;
};

Error failure(ErrorCode code, const fs::path& file)
{
    return {code, file.string(), std::strerror(errno)};
}

bool writeAll(int descriptor, std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return false;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

Result<void> syncDirectory(const fs::path& directory)
{
    const Descriptor opened(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    return opened.number >= 0 && ::fsync(opened.number) == 0 ? Result<void>()
                                                             : failure(ErrorCode::FileUnwritable, directory);
}

Result<void> copyBytes(int from, int to, std::int64_t size, const fs::path& source, const fs::path& target)
{
    std::string buffer(1 << 20, '\0');
    while (size > 0) {
        const auto wanted = std::min(static_cast<std::size_t>(size), buffer.size());
        const ssize_t got = ::read(from, buffer.data(), wanted);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return Error{ErrorCode::FileUnreadable, source.string(), "shorter than it was"};
        if (!writeAll(to, {buffer.data(), static_cast<std::size_t>(got)}))
            return failure(ErrorCode::FileUnwritable, target);
        size -= got;
    }
    return ::fsync(to) == 0 ? Result<void>() : failure(ErrorCode::FileUnwritable, target);
}

} // namespace

Result<FileDigest> digestOf(const fs::path& file)
{
    const Descriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat status = {};
    if (opened.number < 0 || ::fstat(opened.number, &status) != 0)
        return failure(ErrorCode::FileUnreadable, file);
    if (!S_ISREG(status.st_mode))
        return Error{ErrorCode::FileUnreadable, file.string(), "not a regular file"};
    const auto size = static_cast<std::size_t>(status.st_size);
    if (size == 0)
        return FileDigest{0, secrets::toHex(secrets::sha256({}))};
    void* const bytes = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, opened.number, 0);
    if (bytes == MAP_FAILED)
        return failure(ErrorCode::FileUnreadable, file);
    ::madvise(bytes, size, MADV_SEQUENTIAL);
    FileDigest digest{status.st_size,
                      secrets::toHex(secrets::sha256({static_cast<const char*>(bytes), size}))};
    ::munmap(bytes, size);
    return digest;
}

Result<void> copyFirstBytes(const fs::path& from, const fs::path& to, std::int64_t size)
{
    std::error_code failed;
    fs::create_directories(to.parent_path(), failed);
    const Descriptor source(::open(from.c_str(), O_RDONLY | O_CLOEXEC));
    if (source.number < 0)
        return failure(ErrorCode::FileUnreadable, from);
    const Descriptor target(::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (target.number < 0)
        return failure(errno == EEXIST ? ErrorCode::AlreadyExists : ErrorCode::FileUnwritable, to);
    return copyBytes(source.number, target.number, size, from, to);
}

Result<void> copyFile(const fs::path& from, const fs::path& to)
{
    std::error_code failed;
    const auto size = fs::file_size(from, failed);
    if (failed)
        return Error{ErrorCode::FileUnreadable, from.string(), failed.message()};
    return copyFirstBytes(from, to, static_cast<std::int64_t>(size));
}

Result<void> syncTree(const fs::path& directory)
{
    std::error_code failed;
    for (const auto& entry : fs::recursive_directory_iterator(directory, failed)) {
        if (!entry.is_directory())
            continue;
        if (const auto synced = syncDirectory(entry.path()); !synced)
            return synced;
    }
    return failed ? Result<void>(Error{ErrorCode::FileUnwritable, directory.string(), failed.message()})
                  : syncDirectory(directory);
}

Result<void> renameDurably(const fs::path& from, const fs::path& to)
{
    if (::rename(from.c_str(), to.c_str()) != 0)
        return failure(ErrorCode::FileUnwritable, to);
    return syncDirectory(to.parent_path());
}

} // namespace billing::app
