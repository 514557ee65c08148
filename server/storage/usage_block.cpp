#include "server/storage/usage_block.h"

#include "shared/wire/json_text.h"

#include <algorithm>
#include <simdjson.h>

namespace billing::storage {

namespace {

constexpr std::int64_t microsPerDay = std::chrono::microseconds(std::chrono::hours(24)).count();

const Error corrupt{ErrorCode::StorageCorrupt, "usage_block"};

Result<BlockEvent> decodeEvent(const TenantId& tenant, simdjson::dom::element element)
{
    simdjson::dom::array parts;
    std::int64_t at = 0;
    std::int64_t position = 0;
    std::string_view source;
    std::string_view eventId;
    std::string_view metricType;
    std::string_view value;
    std::string_view dimensions;
    if (element.get(parts) != simdjson::SUCCESS || parts.size() != 7 ||
        parts.at(0).get(at) != simdjson::SUCCESS || parts.at(1).get(source) != simdjson::SUCCESS ||
        parts.at(2).get(eventId) != simdjson::SUCCESS || parts.at(3).get(metricType) != simdjson::SUCCESS ||
        parts.at(4).get(value) != simdjson::SUCCESS || parts.at(5).get(dimensions) != simdjson::SUCCESS ||
        parts.at(6).get(position) != simdjson::SUCCESS)
        return corrupt;
    const auto quantity = Decimal::parse(value);
    auto named = parseDimensionKey(dimensions);
    if (!quantity || !named)
        return corrupt;
    return BlockEvent{{tenant, std::string(source), std::string(eventId), std::string(metricType), *quantity,
                       Instant::fromMicros(at), std::move(*named)},
                      JournalPosition(position)};
}

} // namespace

void appendBlockEvent(std::string& text, const UsageEvent& event, JournalPosition position)
{
    std::vector<std::string> names;
    names.reserve(event.dimensions.size());
    for (const Dimension& dimension : event.dimensions)
        names.push_back(dimension.name);
    text.append(1, '[').append(std::to_string(event.at.micros())).append(1, ',');
    wire::appendJsonString(text, event.source);
    wire::appendJsonString(text.append(1, ','), event.eventId);
    wire::appendJsonString(text.append(1, ','), event.metricType);
    wire::appendJsonString(text.append(1, ','), event.value.toText());
    wire::appendJsonString(text.append(1, ','), dimensionKey(event.dimensions, names));
    text.append(1, ',').append(std::to_string(position.number())).append(1, ']');
}

Instant dayOf(Instant at)
{
    const std::int64_t micros = at.micros();
    const std::int64_t intoDay = ((micros % microsPerDay) + microsPerDay) % microsPerDay;
    return micros < std::numeric_limits<std::int64_t>::min() + intoDay
               ? at
               : Instant::fromMicros(micros - intoDay);
}

std::string eventIdInBlock(std::string_view eventId)
{
    std::string text = ",";
    wire::appendJsonString(text, eventId);
    return text + ',';
}

Result<std::optional<BlockEvent>> findInBlock(const TenantId& tenant, std::string_view events,
                                              std::string_view source, std::string_view eventId)
{
    thread_local simdjson::dom::parser parser;
    simdjson::dom::array all;
    if (parser.parse(events.data(), events.size()).get(all) != simdjson::SUCCESS)
        return corrupt;
    for (const simdjson::dom::element element : all) {
        auto found = decodeEvent(tenant, element);
        if (!found)
            return found.error();
        if (found->event.eventId == eventId && found->event.source == source)
            return std::optional(std::move(*found));
    }
    return std::optional<BlockEvent>();
}

Result<std::vector<UsageEvent>> decodeBlock(const TenantId& tenant, const StoredBlock& block)
{
    thread_local simdjson::dom::parser parser;
    simdjson::dom::array all;
    if (parser.parse(block.events.data(), block.events.size()).get(all) != simdjson::SUCCESS)
        return corrupt;
    std::vector<UsageEvent> events;
    for (const simdjson::dom::element element : all) {
        auto event = decodeEvent(tenant, element);
        if (!event)
            return event.error();
        events.push_back(std::move(event->event));
    }
    const auto earlier = [](const UsageEvent& a, const UsageEvent& b) { return a.at < b.at; };
    // Blocks made from older tables hold the order only as far as the engine kept it.
    std::stable_sort(events.begin(), events.end(), earlier);
    if (events.empty() || static_cast<std::int64_t>(events.size()) != block.count ||
        events.front().at != block.firstAt || events.back().at != block.lastAt)
        return corrupt;
    return events;
}

} // namespace billing::storage
