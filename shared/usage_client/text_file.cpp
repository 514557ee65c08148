#include "shared/usage_client/text_file.h"

#include <cerrno>
#include <cstring>
#include <sys/stat.h>

namespace billing::client {

namespace {

constexpr std::size_t chunkBytes = 64 * 1024;
constexpr std::string_view byteOrderMark = "\xEF\xBB\xBF";

} // namespace

TextFile::TextFile(std::string path, std::FILE* file)
    : m_path(std::move(path))
    , m_file(file)
{
}

Result<TextFile> TextFile::open(std::string path)
{
    std::FILE* const file = std::fopen(path.c_str(), "rbe");
    if (!file)
        return Error{ErrorCode::FileUnreadable, std::move(path), std::strerror(errno)};
    TextFile opened(std::move(path), file);
    // A directory opens and only then fails to be read.
    struct stat status = {};
    if (fstat(fileno(file), &status) != 0 || S_ISDIR(status.st_mode))
        return Error{ErrorCode::FileUnreadable, opened.m_path, "not a file"};
    if (opened.fill() && opened.m_chunk.starts_with(byteOrderMark))
        opened.m_at = byteOrderMark.size();
    return opened;
}

bool TextFile::fill()
{
    m_chunk.resize(chunkBytes);
    m_chunk.resize(std::fread(m_chunk.data(), 1, chunkBytes, m_file.get()));
    m_at = 0;
    m_bytesRead += static_cast<std::int64_t>(m_chunk.size());
    return !m_chunk.empty();
}

int TextFile::peek()
{
    if (m_at == m_chunk.size() && !fill())
        return end;
    return static_cast<unsigned char>(m_chunk[m_at]);
}

int TextFile::next()
{
    const int byte = peek();
    if (byte == end)
        return end;
    ++m_at;
    ++m_column;
    if (byte == '\n') {
        ++m_line;
        m_column = 1;
    }
    return byte;
}

bool TextFile::failed() const
{
    return std::ferror(m_file.get()) != 0;
}

Error TextFile::refusal(ErrorCode code, std::int64_t line, std::int64_t column, std::string detail) const
{
    return {code, m_path + ":" + std::to_string(line) + ":" + std::to_string(column), std::move(detail)};
}

} // namespace billing::client
