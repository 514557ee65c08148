#include "shared/wire/raw_usage_event.h"

#include "shared/model/text_rules.h"
#include "shared/wire/json_text.h"

#include <algorithm>

namespace billing::wire {

namespace {

constexpr std::size_t longestSubject = 128;

} // namespace

void keepFirst(std::optional<Error>& kept, ErrorCode code, std::string subject, std::string detail)
{
    if (!kept)
        kept = Error{code, excerpt(subject, longestSubject), std::move(detail)};
}

namespace {

bool consistsOf(std::string_view text, std::string_view others)
{
    return std::all_of(text.begin(), text.end(), [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || others.find(c) != std::string_view::npos;
    });
}

bool isFreeText(std::string_view text)
{
    return text.find('\0') == std::string_view::npos;
}

/// What people will read must be readable: nothing that hides, turns or ends a line. Nearly all texts are
/// ASCII, which is told at a glance.
bool isPlain(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

std::optional<Error> refusalOfCharacters(std::string_view field, std::string_view text)
{
    auto checked = isPlain(text) ? Result<void>() : checkText(field, text);
    return checked ? std::nullopt : std::optional(checked.error());
}

/// The event as a value, its texts not yet judged but for those that are no text in the model.
Result<UsageEvent> typed(RawEvent& raw)
{
    auto tenant = parseTenantId(*raw.texts[TenantField]);
    if (!tenant)
        return tenant.error();
    const auto value = Decimal::parse(*raw.texts[Value]);
    if (!value)
        return Error{value.error().code, "value", value.error().detail};
    if (value->isNegative())
        return Error{ErrorCode::NegativeQuantity, "value"};
    const auto at = Instant::parse(*raw.texts[Timestamp]);
    if (!at)
        return at.error();
    return UsageEvent{std::move(*tenant),
                      std::string(raw.texts[Source].value_or("")),
                      std::string(*raw.texts[EventId]),
                      std::string(*raw.texts[MetricType]),
                      *value,
                      *at,
                      std::move(raw.dimensions)};
}

std::optional<Error> refusalOfTexts(const UsageEvent& event, bool tooManyDimensions)
{
    const auto tooLong = [](std::string subject, std::size_t limit) {
        return Error{ErrorCode::TooLong, std::move(subject), "more than " + std::to_string(limit) + " bytes"};
    };
    if (event.eventId.size() > 256)
        return tooLong("event_id", 256);
    if (event.source.size() > 128)
        return tooLong("source", 128);
    if (event.metricType.size() > 64)
        return tooLong("metric_type", 64);
    for (const Dimension& dimension : event.dimensions)
        if (dimension.name.size() > 64 || dimension.value.size() > 256)
            return tooLong("dimensions." + excerpt(dimension.name, 64),
                           dimension.name.size() > 64 ? 64 : 256);
    if (tooManyDimensions)
        return Error{ErrorCode::TooManyItems, "dimensions", "more than " + std::to_string(maxDimensions)};
    if (event.eventId.empty() || !isFreeText(event.eventId))
        return Error{ErrorCode::InvalidValue, "event_id", "expected 1 to 256 bytes without NUL"};
    if (!isFreeText(event.source))
        return Error{ErrorCode::InvalidValue, "source", "expected text without NUL"};
    if (event.metricType.empty() || !consistsOf(event.metricType, "_."))
        return Error{ErrorCode::InvalidValue, "metric_type", "expected [a-z0-9_.]{1,64}"};
    for (const Dimension& dimension : event.dimensions) {
        if (dimension.name.empty() || !consistsOf(dimension.name, "_"))
            return Error{ErrorCode::InvalidValue, "dimensions." + dimension.name,
                         "expected a name of [a-z0-9_]{1,64}"};
        if (dimension.value.empty() || !isFreeText(dimension.value))
            return Error{ErrorCode::InvalidValue, "dimensions." + dimension.name,
                         "expected a value of 1 to 256 bytes without NUL"};
    }
    for (const auto& [field, text] :
         {std::pair<std::string_view, std::string_view>("event_id", event.eventId), {"source", event.source}})
        if (auto refused = refusalOfCharacters(field, text))
            return refused;
    for (const Dimension& dimension : event.dimensions)
        if (!isPlain(dimension.value))
            if (auto refused = refusalOfCharacters("dimensions." + dimension.name, dimension.value))
                return refused;
    return std::nullopt;
}

} // namespace

Result<UsageEvent> judge(RawEvent& raw)
{
    for (const std::optional<Error>& refused : {raw.wrongType, raw.duplicate, raw.unknown})
        if (refused)
            return *refused;
    for (const Field field : {EventId, TenantField, MetricType, Value, Timestamp})
        if (!raw.texts[field])
            return Error{ErrorCode::MissingField, std::string(fieldNames[field])};
    auto event = typed(raw);
    if (!event)
        return event;
    if (auto refused = refusalOfTexts(*event, raw.tooManyDimensions))
        return *refused;
    return event;
}

} // namespace billing::wire
