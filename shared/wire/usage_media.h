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

/// What a Content-Type names, in any case. A charset must be UTF-8; other parameters say nothing about usage
/// and are passed over. Nothing for any other type, and for a text that is no media type.
std::optional<UsageMedia> parseUsageMedia(std::string_view contentType);

} // namespace billing::wire
