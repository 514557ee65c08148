#include "shared/wire/usage_media.h"

#include "shared/wire/media_type.h"

#include <algorithm>
#include <array>
#include <utility>

namespace billing::wire {

namespace {

constexpr std::array<std::pair<std::string_view, UsageMedia>, 4> names{{
    {"application/json", UsageMedia::Json},
    {"application/x-ndjson", UsageMedia::Lines},
    {"application/cloudevents+json", UsageMedia::CloudEvent},
    {"application/cloudevents-batch+json", UsageMedia::CloudEventBatch},
}};

} // namespace

std::optional<UsageMedia> parseUsageMedia(std::string_view contentType)
{
    const auto media = parseMediaType(contentType);
    if (!media || media->foreignCharset())
        return std::nullopt;
    const auto found = std::find_if(names.begin(), names.end(),
                                    [&](const auto& name) { return name.first == media->essence; });
    return found == names.end() ? std::nullopt : std::optional(found->second);
}

} // namespace billing::wire
