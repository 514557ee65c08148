#include "shared/model/usage_event.h"

namespace billing {

namespace {

/// Four bytes of length, big-endian, then the bytes: no two different lists of parts make the same text.
void appendPart(std::string& text, std::string_view part)
{
    const auto size = static_cast<std::uint32_t>(part.size());
    for (int shift = 24; shift >= 0; shift -= 8)
        text += static_cast<char>(size >> shift & 0xFF);
    text += part;
}

} // namespace

std::string canonicalIdentity(const UsageEvent& event)
{
    std::string text;
    text.reserve(16 + event.source.size() + event.eventId.size());
    appendPart(text, event.source);
    appendPart(text, event.eventId);
    return text;
}

std::string canonicalPayload(const UsageEvent& event)
{
    std::string text = canonicalIdentity(event);
    appendPart(text, event.metricType);
    appendPart(text, event.value.toText());
    appendPart(text, std::to_string(event.at.micros()));
    for (const Dimension& dimension : event.dimensions) {
        appendPart(text, dimension.name);
        appendPart(text, dimension.value);
    }
    return text;
}

} // namespace billing
