// The media types in which usage may be sent. Values only, any thread. Source: RFC 9110 section 8.3.
#pragma once

#include <optional>
#include <string_view>

namespace billing::wire {

enum class UsageMedia
{
    Json,           ///< application/json: one event, or {"events":[...]}
    Lines,          ///< application/x-ndjson
    CloudEvent,     ///< application/cloudevents+json
    CloudEventBatch ///< application/cloudevents-batch+json
};

/// What a Content-Type names: any case, alone or with charset=utf-8, and no other parameter. Nothing for
/// any other.
std::optional<UsageMedia> parseUsageMedia(std::string_view contentType);

} // namespace billing::wire
