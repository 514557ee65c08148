// What one event's text held before it is judged: which fields there were, and what was wrong with their
// form. Between the reader (usage_json.cpp) and the model. Any thread.
#pragma once

#include "shared/model/usage_event.h"

#include <array>
#include <optional>
#include <string_view>

namespace billing::wire {

inline constexpr std::size_t maxDimensions = 16;

enum Field : std::size_t
{
    EventId,
    Source,
    TenantField,
    MetricType,
    Value,
    Timestamp,
    DimensionsField,
    FieldCount
};
inline constexpr std::array<std::string_view, FieldCount> fieldNames{
    "event_id", "source", "tenant_id", "metric_type", "value", "timestamp", "dimensions"};

/// What one event's text held, before it is judged. The texts live in the parser until its next document.
struct RawEvent
{
    std::array<std::optional<std::string_view>, FieldCount> texts = {};
    std::array<bool, FieldCount> seen = {};
    Dimensions dimensions = {};
    bool tooManyDimensions = false;
    std::optional<Error> wrongType = {};
    std::optional<Error> duplicate = {};
    std::optional<Error> unknown = {};
};

/// Keeps the first refusal of a kind, since a client mends what is named first. A long subject is cut: it may
/// be a key that fills the body.
void keepFirst(std::optional<Error>& kept, ErrorCode code, std::string subject, std::string detail = {});

/// The event, or its first refusal in the order DecodedEvent (usage_json.h) lists. Takes the dimensions out
/// of raw.
Result<UsageEvent> judge(RawEvent& raw);

} // namespace billing::wire
