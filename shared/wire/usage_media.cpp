#include "shared/wire/usage_media.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace billing::wire {

namespace {

std::string_view trimmed(std::string_view text)
{
    while (text.starts_with(' ') || text.starts_with('\t'))
        text.remove_prefix(1);
    while (text.ends_with(' ') || text.ends_with('\t'))
        text.remove_suffix(1);
    return text;
}

std::string lowered(std::string_view text)
{
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return lower;
}

constexpr std::array<std::pair<std::string_view, UsageMedia>, 4> names{{
    {"application/json", UsageMedia::Json},
    {"application/x-ndjson", UsageMedia::Lines},
    {"application/cloudevents+json", UsageMedia::CloudEvent},
    {"application/cloudevents-batch+json", UsageMedia::CloudEventBatch},
}};

} // namespace

std::optional<UsageMedia> parseUsageMedia(std::string_view contentType)
{
    const std::string text = lowered(contentType);
    const std::size_t end = std::min(text.find(';'), text.size());
    const std::string_view type = trimmed(std::string_view(text).substr(0, end));
    if (end < text.size()) {
        const std::string_view parameter = trimmed(std::string_view(text).substr(end + 1));
        if (parameter != "charset=utf-8" && parameter != "charset=\"utf-8\"")
            return std::nullopt;
    }
    const auto found =
        std::find_if(names.begin(), names.end(), [&](const auto& name) { return name.first == type; });
    return found == names.end() ? std::nullopt : std::optional(found->second);
}

} // namespace billing::wire
