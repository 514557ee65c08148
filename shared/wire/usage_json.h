// Usage events on the wire: one event, or a batch {"events":[...]}. This is the hot path of the whole system,
// so it reads straight from simdjson without building a tree; a body is accepted only if every part of it was
// looked at. Any thread (each thread keeps a parser of its own). Source: DESIGN section 4, "An event".
#pragma once

#include "shared/model/usage_event.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace billing::wire {

struct UsageLimits
{
    std::size_t maxEvents = 1'000;
};

/// An event, or why this one is refused. In the order checked: WrongType, DuplicateKey, UnknownField,
/// MissingField, InvalidTenantId, ReservedTenantId, InvalidDecimal, NegativeQuantity, InvalidTimestamp,
/// TooLong, TooManyItems (dimensions), InvalidValue (empty, NUL, or outside its characters), InvalidCharacter
/// (in event_id, source and dimensions' values: text_rules.h). The subject is the field: "dimensions.model".
using DecodedEvent = Result<UsageEvent>;

enum class UsageForm
{
    Single,
    Batch
};

/// What a body of POST /usage means to be: a batch if its first key is "events". Says nothing about its being
/// valid.
UsageForm usageFormOf(std::string_view body);

/// One entry per event, in order. Refuses the whole body with, in order: InvalidUtf8, TooDeep, MalformedJson,
/// WrongType (body or events), DuplicateKey, UnknownField, MissingField, EmptyBatch, TooManyItems.
Result<std::vector<DecodedEvent>> decodeUsageBatch(std::string_view body, UsageLimits limits = {});

/// A single event; event_id may be missing when there is an idempotency key, which then is the event id.
/// Refuses InvalidUtf8, TooDeep, MalformedJson, then as DecodedEvent.
Result<UsageEvent> decodeUsageEvent(std::string_view body,
                                    std::optional<std::string_view> idempotencyKey = {});

/// For clients. The events must hold valid UTF-8.
std::string encodeUsageEvent(const UsageEvent& event);
std::string encodeUsageBatch(std::span<const UsageEvent> events);

} // namespace billing::wire
