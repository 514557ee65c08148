// A text file read byte by byte in chunks, which knows the line and column it stands at. A byte order mark at
// the start is passed over. One thread.
#pragma once

#include "shared/kernel/result.h"

#include <cstdio>
#include <memory>
#include <string>

namespace billing::client {

class TextFile
{
public:
    static constexpr int end = -1;

    /// Refuses FileUnreadable (subject: the path).
    static Result<TextFile> open(std::string path);

    /// The next byte, 0..255, or end.
    int next();
    /// The byte next() will give.
    int peek();

    std::int64_t line() const noexcept { return m_line; }     ///< of the next byte, from 1
    std::int64_t column() const noexcept { return m_column; } ///< of the next byte, in bytes, from 1
    std::int64_t bytesRead() const noexcept { return m_bytesRead; }
    const std::string& path() const noexcept { return m_path; }

    /// True when reading stopped because of the disk, not because of the end.
    bool failed() const;
    Error refusal(ErrorCode code, std::int64_t line, std::int64_t column, std::string detail) const;

private:
    struct Close
    {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };

    TextFile(std::string path, std::FILE* file);
    bool fill();

    std::string m_path;
    std::unique_ptr<std::FILE, Close> m_file;
    std::string m_chunk;
    std::size_t m_at = 0;
    std::int64_t m_line = 1;
    std::int64_t m_column = 1;
    std::int64_t m_bytesRead = 0;
};

} // namespace billing::client
