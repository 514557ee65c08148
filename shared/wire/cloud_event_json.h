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
//   datacontenttype  absent, or a media type of JSON: application/json, type/json, type/subtype+json, in any
//                    case and with any parameters, of which a charset must be utf-8
//   dataschema       passed over: it describes data, and is no part of what was used
//   data_base64      refused, an unknown field: usage is JSON
//   any other name   an extension of [a-z0-9], whose value is a string, a boolean or a whole number. If a
//                    meter of that type reads a dimension of that name (declares it, or filters by it), it is
//                    that dimension: a text stays as it is, a boolean becomes "true" or "false", a number its
//                    digits as written; the same name in data's dimensions is then a duplicate key. Every
//                    other extension (traceparent, sequence, partitionkey, ...) belongs to tracing and
//                    transport, which may change it with every try: it is no part of the event's meaning and
//                    is passed over.
//   names outside [a-z0-9] break the specification: unknown field.
//
// null counts as absent. The grammars and limits of the fields are those of our own form (usage_json.h), and
// so is the meaning: the same event in both forms is the same event. Any thread.
// Source: CloudEvents 1.0.2 sections 2 and 3, JSON Event Format sections 2 to 4.
#pragma once

#include "shared/model/meter_index.h"
#include "shared/wire/usage_json.h"

namespace billing::wire {

/// As decodeUsageBatch; subjects are named as CloudEvents names them: "type", "data.value". An event is
/// refused by, in order: WrongType, DuplicateKey, UnknownField, TooManyItems ("event": more than 64
/// extensions), MissingField, InvalidValue (specversion, datacontenttype, dataschema, source), then as
/// DecodedEvent. The batch: InvalidUtf8, TooDeep, MalformedJson, WrongType (not an array), EmptyBatch,
/// TooManyItems, with the subject "body". meters: which extensions are dimensions.
Result<std::vector<DecodedEvent>> decodeCloudEventBatch(std::string_view body, const MeterIndex& meters,
                                                        UsageLimits limits = {});

/// A single one. Refuses InvalidUtf8, TooDeep, MalformedJson, WrongType (not an object), then as above. An
/// idempotency key may stand for the id.
Result<UsageEvent> decodeCloudEvent(std::string_view body, const MeterIndex& meters,
                                    std::optional<std::string_view> idempotencyKey = {});

} // namespace billing::wire
