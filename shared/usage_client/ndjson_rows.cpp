#include "shared/usage_client/ndjson_rows.h"

#include "shared/wire/usage_json.h"

namespace billing::client {

NdjsonRows::NdjsonRows(TextFile file)
    : m_file(std::move(file))
{
}

Result<NdjsonRows> NdjsonRows::open(std::string path)
{
    auto file = TextFile::open(std::move(path));
    if (!file)
        return file.error();
    return NdjsonRows(std::move(*file));
}

Result<void> NdjsonRows::rewind()
{
    m_rows = 0;
    return m_file.rewind();
}

/// False at the end of the file.
Result<bool> NdjsonRows::readLine()
{
    m_line.clear();
    m_file.startRecord();
    const std::int64_t line = m_file.line();
    if (m_file.peek() == TextFile::end) {
        if (m_file.failure())
            return *m_file.failure();
        return false;
    }
    for (int byte = m_file.next(); byte != '\n' && byte != TextFile::end; byte = m_file.next()) {
        if (m_line.size() == lineLimit)
            return m_file.refusal(ErrorCode::TooLong, line, 1, "line too long");
        m_line += static_cast<char>(byte);
    }
    if (m_file.failure()) // the line only seems to end here
        return *m_file.failure();
    return true;
}

Result<FileRow*> NdjsonRows::next()
{
    while (true) {
        m_row.line = m_file.line();
        const auto more = readLine();
        if (!more)
            return more.error();
        if (!*more)
            return static_cast<FileRow*>(nullptr);
        if (m_line.find_first_not_of(" \t\r") == std::string::npos)
            continue;
        m_row.number = ++m_rows;
        m_row.events.clear();
        m_row.problem.reset();
        auto event = wire::decodeUsageEvent(m_line);
        if (event) {
            m_row.events.push_back(std::move(*event));
        } else {
            const Error& refused = event.error();
            m_row.problem = RowProblem{
                {},
                {},
                m_file.refusal(refused.code, m_row.line, 1,
                               refused.subject + (refused.detail.empty() ? "" : ": " + refused.detail))};
        }
        return &m_row;
    }
}

} // namespace billing::client
