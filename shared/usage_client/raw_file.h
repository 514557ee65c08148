// The bytes of a file as they lie on disk, read in chunks and more than once. What cannot be read twice
// (standard input, a pipe) is first copied to a file without a name, mode 0600, in TMPDIR or /var/tmp: it is
// gone when the program ends, however it ends. Every chunk that is read again must be what it was the first
// time, so that nothing is used that was not checked. One thread.
#pragma once

#include "shared/kernel/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace billing::client {

class RawFile
{
public:
    static constexpr std::size_t chunkBytes = 256 * 1024;

    /// "-" is standard input. Refuses FileUnreadable (subject: the path), FileUnwritable (the copy could not
    /// be made; subject: its directory).
    static Result<RawFile> open(std::string path);

    RawFile(RawFile&& other) noexcept;
    RawFile& operator=(RawFile&& other) noexcept;
    ~RawFile();

    /// The next chunk, valid until the next call; empty at the end. Refuses FileUnreadable: the disk, or
    /// another program has changed the file since it was opened.
    Result<std::string_view> next();
    /// Back to the start. Refuses FileUnreadable when the file has changed.
    Result<void> rewind();

    std::int64_t bytesRead() const noexcept { return m_at; }
    std::int64_t size() const noexcept { return m_size; }
    /// For messages: the path, or "standard input".
    const std::string& name() const noexcept { return m_name; }

private:
    RawFile(std::string name, int descriptor);
    Result<void> spool();
    Result<void> look();
    Result<void> mustBeUnchanged() const;
    Error changed() const;

    std::string m_name;
    int m_descriptor;
    std::int64_t m_size = 0;
    std::int64_t m_modified = 0; ///< nanoseconds
    std::int64_t m_at = 0;
    std::string m_chunk;
    std::vector<std::uint64_t> m_digests; ///< of the chunks read so far
};

} // namespace billing::client
