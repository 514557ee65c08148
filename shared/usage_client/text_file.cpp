#include "shared/usage_client/text_file.h"

namespace billing::client {

namespace {

constexpr std::string_view byteOrderMark = "\xEF\xBB\xBF";

} // namespace

TextFile::TextFile(InputFile file)
    : m_file(std::move(file))
{
}

Result<TextFile> TextFile::open(std::string path)
{
    auto file = InputFile::open(std::move(path));
    if (!file)
        return file.error();
    TextFile opened(std::move(*file));
    if (auto started = opened.start(); !started)
        return started.error();
    return opened;
}

Result<void> TextFile::start()
{
    m_line = 1;
    m_column = 1;
    m_afterReturn = false;
    m_record.clear();
    m_chunk = {};
    m_at = 0;
    m_recordFrom = 0;
    if (fill() && m_chunk.starts_with(byteOrderMark))
        m_at = byteOrderMark.size();
    return m_failure ? Result<void>(*m_failure) : Result<void>();
}

Result<void> TextFile::rewind()
{
    m_failure.reset();
    if (auto rewound = m_file.rewind(); !rewound)
        return rewound.error();
    return start();
}

bool TextFile::fill()
{
    if (m_failure)
        return false;
    m_record.append(m_chunk.substr(m_recordFrom));
    m_recordFrom = 0;
    m_at = 0;
    m_chunk = {};
    const auto chunk = m_file.next();
    if (!chunk)
        m_failure = chunk.error();
    else
        m_chunk = *chunk;
    return !m_chunk.empty();
}

void TextFile::startRecord()
{
    m_record.clear();
    m_recordFrom = m_at;
}

std::string TextFile::record() const
{
    return m_record + std::string(m_chunk.substr(m_recordFrom, m_at - m_recordFrom));
}

Error TextFile::refusal(ErrorCode code, std::int64_t line, std::int64_t column, std::string detail) const
{
    return {code, path() + ":" + std::to_string(line) + ":" + std::to_string(column), std::move(detail)};
}

} // namespace billing::client
