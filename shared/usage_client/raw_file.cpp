#include "shared/usage_client/raw_file.h"

#include "shared/usage_client/digest.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace billing::client {

namespace {

constexpr std::string_view standardInput = "-";

/// Reads until the buffer is full or the input ends; -1 with errno when reading fails.
ssize_t readFully(int descriptor, char* to, std::size_t size)
{
    std::size_t got = 0;
    while (got < size) {
        const ssize_t more = read(descriptor, to + got, size - got);
        if (more < 0 && errno == EINTR)
            continue;
        if (more < 0)
            return -1;
        if (more == 0)
            break;
        got += static_cast<std::size_t>(more);
    }
    return static_cast<ssize_t>(got);
}

bool writeFully(int descriptor, std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t written = write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

/// A file that has no name, or has lost it at once: nobody else opens it, and no end of the program leaves
/// it.
int openNameless(const std::string& directory)
{
    const int nameless = ::open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (nameless >= 0 || (errno != EOPNOTSUPP && errno != EISDIR))
        return nameless;
    std::string path = directory + "/billing-usage-XXXXXX";
    const int named = mkostemp(path.data(), O_CLOEXEC);
    if (named >= 0)
        unlink(path.c_str());
    return named;
}

} // namespace

RawFile::RawFile(std::string name, int descriptor)
    : m_name(std::move(name))
    , m_descriptor(descriptor)
{
}

RawFile::RawFile(RawFile&& other) noexcept
    : m_name(std::move(other.m_name))
    , m_descriptor(std::exchange(other.m_descriptor, -1))
    , m_size(other.m_size)
    , m_modified(other.m_modified)
    , m_at(other.m_at)
    , m_chunk(std::move(other.m_chunk))
    , m_digests(std::move(other.m_digests))
{
}

RawFile& RawFile::operator=(RawFile&& other) noexcept
{
    std::swap(m_name, other.m_name);
    std::swap(m_descriptor, other.m_descriptor);
    std::swap(m_size, other.m_size);
    std::swap(m_modified, other.m_modified);
    std::swap(m_at, other.m_at);
    std::swap(m_chunk, other.m_chunk);
    std::swap(m_digests, other.m_digests);
    return *this;
}

RawFile::~RawFile()
{
    if (m_descriptor >= 0)
        close(m_descriptor);
}

Result<RawFile> RawFile::open(std::string path)
{
    const bool isInput = path == standardInput;
    const int descriptor =
        isInput ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3) : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return Error{ErrorCode::FileUnreadable, isInput ? "standard input" : std::move(path),
                     std::strerror(errno)};
    RawFile opened(isInput ? "standard input" : std::move(path), descriptor);
    struct stat status = {};
    // A directory opens and only then fails to be read.
    if (fstat(descriptor, &status) != 0 || S_ISDIR(status.st_mode))
        return Error{ErrorCode::FileUnreadable, opened.m_name, "not a file"};
    // Standard input may be a file that was read in part, and shares its place in it with others.
    if (isInput || !S_ISREG(status.st_mode))
        if (auto spooled = opened.spool(); !spooled)
            return spooled.error();
    if (auto looked = opened.look(); !looked)
        return looked.error();
    return opened;
}

Result<void> RawFile::spool()
{
    const char* const wanted = std::getenv("TMPDIR");
    const std::string directory = wanted && *wanted ? wanted : "/var/tmp";
    const auto unwritable = [&] {
        return Error{ErrorCode::FileUnwritable, directory,
                     m_name + " could not be kept there to be read twice: " + std::strerror(errno) +
                         "; TMPDIR names another directory"};
    };
    const int copy = openNameless(directory);
    if (copy < 0)
        return unwritable();
    const int source = std::exchange(m_descriptor, copy);
    std::string chunk(chunkBytes, '\0');
    std::optional<Error> refused;
    while (!refused) {
        const ssize_t got = readFully(source, chunk.data(), chunk.size());
        if (got < 0)
            refused = Error{ErrorCode::FileUnreadable, m_name, std::strerror(errno)};
        else if (!writeFully(copy, std::string_view(chunk).substr(0, static_cast<std::size_t>(got))))
            refused = unwritable();
        else if (static_cast<std::size_t>(got) < chunk.size())
            break;
    }
    close(source);
    return refused ? Result<void>(*refused) : Result<void>();
}

Result<void> RawFile::look()
{
    struct stat status = {};
    if (fstat(m_descriptor, &status) != 0)
        return Error{ErrorCode::FileUnreadable, m_name, std::strerror(errno)};
    m_size = status.st_size;
    m_modified = std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec;
    return {};
}

Error RawFile::changed() const
{
    return {ErrorCode::FileUnreadable, m_name,
            "another program changed the file while it was being read; send it when it is complete"};
}

Result<void> RawFile::mustBeUnchanged() const
{
    struct stat status = {};
    if (fstat(m_descriptor, &status) != 0)
        return Error{ErrorCode::FileUnreadable, m_name, std::strerror(errno)};
    const std::int64_t modified =
        std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec;
    return status.st_size == m_size && modified == m_modified ? Result<void>() : changed();
}

Result<std::string_view> RawFile::next()
{
    m_chunk.resize(chunkBytes);
    ssize_t got = -1;
    do
        got = pread(m_descriptor, m_chunk.data(), m_chunk.size(), m_at);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return Error{ErrorCode::FileUnreadable, m_name, std::strerror(errno)};
    m_chunk.resize(static_cast<std::size_t>(got));
    if (m_chunk.empty()) {
        if (auto same = mustBeUnchanged(); !same)
            return same.error();
        return std::string_view();
    }
    // A short read in the middle would shift the chunks.
    if (m_at + got != m_size && m_chunk.size() != chunkBytes)
        return changed();
    const auto index = static_cast<std::size_t>(m_at) / chunkBytes;
    const std::uint64_t digest = digestOf(m_chunk)[0];
    if (index == m_digests.size())
        m_digests.push_back(digest);
    else if (m_digests[index] != digest)
        return changed();
    m_at += got;
    return std::string_view(m_chunk);
}

Result<void> RawFile::rewind()
{
    m_at = 0;
    return mustBeUnchanged();
}

} // namespace billing::client
