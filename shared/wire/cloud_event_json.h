// Usage as CloudEvents 1.0 in their JSON form: one (application/cloudevents+json) or a batch, which is an
// array of them (application/cloudevents-batch+json). The mapping is exact, and what does not fit is refused
// by name:
//
//   id               event_id       required
//   source           source         required, not empty, at most 128 bytes
//   subject          tenant_id      required
//   type             metric_type    required
//   time             timestamp      required: the server never invents when something was used
//   data             required: {"value": decimal as a string or number, "dimensions"?: {name: text}}
//   specversion      required: "1.0"
//   datacontenttype  absent or "application/json"
//   any other name   an extension of [a-z0-9]: a dimension of that name. A text stays as it is, a boolean
//                    becomes "true" or "false", a whole number its digits as written. The same name in data's
//                    dimensions is a duplicate key.
//   dataschema, data_base64 and names outside [a-z0-9] have no place in usage: unknown field.
//
// null counts as absent. The grammars and limits of the fields are those of our own form (usage_json.h), and
// so is the meaning: the same event in both forms is the same event. Any thread.
// Source: CloudEvents 1.0.2, JSON Event Format sections 2 to 4.
#pragma once

#include "shared/wire/usage_json.h"

namespace billing::wire {

/// As decodeUsageBatch; subjects are named as CloudEvents names them: "type", "data.value". An event is
/// refused by, in order: WrongType, DuplicateKey, UnknownField, MissingField, InvalidValue (specversion,
/// datacontenttype, source), then as DecodedEvent. The batch: InvalidUtf8, TooDeep, MalformedJson, WrongType
/// (not an array), EmptyBatch, TooManyItems, with the subject "body".
Result<std::vector<DecodedEvent>> decodeCloudEventBatch(std::string_view body, UsageLimits limits = {});

/// A single one. Refuses InvalidUtf8, TooDeep, MalformedJson, WrongType (not an object), then as above. An
/// idempotency key may stand for the id.
Result<UsageEvent> decodeCloudEvent(std::string_view body,
                                    std::optional<std::string_view> idempotencyKey = {});

} // namespace billing::wire
