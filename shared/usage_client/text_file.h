// A text file read byte by byte in chunks, which knows the line and column it stands at: a line ends with LF,
// CR LF or CR. A byte order mark at the start is passed over. One thread.
#pragma once

#include "shared/usage_client/input_file.h"

#include <optional>

namespace billing::client {

class TextFile
{
public:
    static constexpr int end = -1;

    /// Refuses what InputFile::open refuses.
    static Result<TextFile> open(std::string path);

    /// The next byte, 0..255, or end: of the file, or of what could be read (failure() then says why).
    int next()
    {
        const int byte = peek();
        if (byte == end)
            return end;
        ++m_at;
        ++m_column;
        if (byte == '\r' || byte == '\n') {
            m_line += byte == '\n' && m_afterReturn ? 0 : 1;
            m_column = 1;
        }
        m_afterReturn = byte == '\r';
        return byte;
    }
    /// The byte next() will give.
    int peek()
    {
        if (m_at == m_chunk.size() && !fill())
            return end;
        return static_cast<unsigned char>(m_chunk[m_at]);
    }

    /// Back to the start. Refuses what InputFile::rewind refuses.
    Result<void> rewind();

    std::int64_t line() const noexcept { return m_line; }     ///< of the next byte, from 1
    std::int64_t column() const noexcept { return m_column; } ///< of the next byte, in bytes, from 1
    std::int64_t bytesRead() const noexcept { return m_file.bytesRead(); } ///< of the file on disk
    std::int64_t size() const noexcept { return m_file.size(); }           ///< of the file on disk
    const std::string& path() const noexcept { return m_file.name(); }

    /// From here on bytes are kept for record(), which gives them as they are in the file. It starts at the
    /// start of the file, the byte order mark included, and so does rewind.
    void startRecord();
    std::string record() const;

    /// Why reading stopped before the end.
    const std::optional<Error>& failure() const noexcept { return m_failure; }
    Error refusal(ErrorCode code, std::int64_t line, std::int64_t column, std::string detail) const;

private:
    explicit TextFile(InputFile file);
    Result<void> start();
    bool fill();

    InputFile m_file;
    std::string_view m_chunk; ///< of m_file, whose buffers stay where they are when it moves
    std::size_t m_at = 0;
    std::int64_t m_line = 1;
    std::int64_t m_column = 1;
    bool m_afterReturn = false;
    std::string m_record; ///< of earlier chunks
    std::size_t m_recordFrom = 0;
    std::optional<Error> m_failure;
};

} // namespace billing::client
