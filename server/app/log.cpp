#include "server/app/log.h"

#include <cstdio>

namespace billing {

namespace {

struct Kind
{
    LogLevel level;
    std::string_view name;
};

Kind kindOf(LogEvent event)
{
    switch (event) {
#define X(name, level, text)                                                                                 \
    case LogEvent::name:                                                                                     \
        return {LogLevel::level, text};
        BILLING_LOG_EVENTS(X)
#undef X
    }
    assertionFailed("a known log event", __FILE__, __LINE__);
}

std::string_view nameOf(LogLevel level)
{
    return level == LogLevel::Info ? "info" : level == LogLevel::Warning ? "warning" : "error";
}

/// Printable ASCII as it is, quotes and backslashes and everything else escaped by their bytes: no value can
/// end its line, or look like another field.
std::string quoted(std::string_view text)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out = "\"";
    for (const char character : text) {
        const auto byte = static_cast<unsigned char>(character);
        if (byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\') {
            out += character;
        } else {
            out += "\\u00";
            out += digits[byte >> 4];
            out += digits[byte & 15];
        }
    }
    return out += '"';
}

class Line
{
public:
    explicit Line(LogFormat format)
        : m_format(format)
        , m_text(format == LogFormat::Json ? "{" : "")
    {
    }

    void add(std::string_view name, std::string_view value) { put(name, quoted(value)); }
    void add(std::string_view name, std::int64_t value) { put(name, std::to_string(value)); }
    std::string end() { return std::move(m_text += m_format == LogFormat::Json ? "}\n" : "\n"); }

private:
    void put(std::string_view name, const std::string& value)
    {
        if (m_format == LogFormat::Json)
            m_text.append(m_text.size() > 1 ? ",\"" : "\"").append(name).append("\":").append(value);
        else
            m_text.append(m_text.empty() ? "" : " ").append(name).append("=").append(value);
    }

    LogFormat m_format;
    std::string m_text;
};

void addFields(Line& line, const LogFields& fields)
{
    const auto name = [&](std::string_view key, LogName value) {
        if (!value.text().empty())
            line.add(key, value.text());
    };
    const auto number = [&](std::string_view key, const std::optional<std::int64_t>& value) {
        if (value)
            line.add(key, *value);
    };
    name("job", fields.job);
    name("command", fields.command);
    name("reason", fields.reason);
    if (fields.error)
        line.add("error", wireName(*fields.error));
    if (fields.subscription)
        line.add("subscription", fields.subscription->text());
    if (fields.invoice)
        line.add("invoice", fields.invoice->text());
    if (fields.listener)
        line.add("listener", *fields.listener);
    number("count", fields.count);
    number("exit_code", fields.exitCode);
    number("microseconds", fields.microseconds);
    number("peer_user", fields.peerUser);
}

} // namespace

Log::Log(const Clock& clock, LogSettings settings)
    : Log(clock, settings, [](const std::string& line) { std::fputs(line.c_str(), stderr); })
{
}

Log::Log(const Clock& clock, LogSettings settings, Sink sink)
    : m_clock(clock)
    , m_settings(settings)
    , m_sink(std::move(sink))
{
}

void Log::write(LogEvent event, const LogFields& fields)
{
    const Kind kind = kindOf(event);
    if (kind.level < m_settings.level)
        return;
    Line line(m_settings.format);
    line.add("time", m_clock.now().toText());
    line.add("level", nameOf(kind.level));
    line.add("event", kind.name);
    addFields(line, fields);
    const std::lock_guard lock(m_mutex);
    m_sink(line.end());
}

} // namespace billing
