#include "shared/usage_client/ndjson_events.h"

#include "shared/wire/usage_json.h"

namespace billing::client {

NdjsonEvents::NdjsonEvents(TextFile file)
    : m_file(std::move(file))
{
}

Result<NdjsonEvents> NdjsonEvents::open(std::string path)
{
    auto file = TextFile::open(std::move(path));
    if (!file)
        return file.error();
    return NdjsonEvents(std::move(*file));
}

/// False at the end of the file.
Result<bool> NdjsonEvents::readLine()
{
    m_line.clear();
    if (m_file.peek() == TextFile::end) {
        if (m_file.failed())
            return m_file.refusal(ErrorCode::FileUnreadable, m_file.line(), m_file.column(),
                                  "reading failed");
        return false;
    }
    const std::int64_t line = m_file.line();
    for (int byte = m_file.next(); byte != '\n' && byte != TextFile::end; byte = m_file.next()) {
        if (m_line.size() == lineLimit)
            return m_file.refusal(ErrorCode::TooLong, line, 1, "line too long");
        m_line += static_cast<char>(byte);
    }
    return true;
}

Result<std::optional<UsageEvent>> NdjsonEvents::next()
{
    while (true) {
        const std::int64_t line = m_file.line();
        const auto more = readLine();
        if (!more)
            return more.error();
        if (!*more)
            return std::optional<UsageEvent>();
        if (m_line.find_first_not_of(" \t\r") == std::string::npos)
            continue;
        auto event = wire::decodeUsageEvent(m_line);
        if (!event) {
            const Error& refused = event.error();
            return m_file.refusal(refused.code, line, 1,
                                  refused.subject + (refused.detail.empty() ? "" : ": " + refused.detail));
        }
        return std::optional(std::move(*event));
    }
}

} // namespace billing::client
