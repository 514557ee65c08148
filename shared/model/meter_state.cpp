#include "shared/model/meter_state.h"

#include <charconv>

namespace billing {

namespace {

constexpr std::string_view version = "1";

/// Takes the text up to the next colon off the front.
std::string_view nextField(std::string_view& text)
{
    const std::string_view field = text.substr(0, text.find(':'));
    text.remove_prefix(std::min(text.size(), field.size() + 1));
    return field;
}

} // namespace

Result<MeterState> MeterState::empty(Aggregation aggregation)
{
    if (aggregation != Aggregation::Sum && aggregation != Aggregation::Count)
        return Error{ErrorCode::InvalidValue, "aggregation", "not foldable by this version"};
    return MeterState(aggregation);
}

Result<MeterState> MeterState::decode(std::string_view text)
{
    const Error refused{ErrorCode::InvalidValue, "meter_state"};
    if (nextField(text) != version)
        return refused;
    const auto aggregation = parseAggregation(nextField(text));
    if (!aggregation)
        return refused;
    auto state = empty(*aggregation);
    if (!state)
        return refused;
    const std::string_view events = nextField(text);
    const auto [end, problem] =
        std::from_chars(events.data(), events.data() + events.size(), state->m_events);
    const auto total = Decimal::parseTotal(text);
    if (problem != std::errc() || end != events.data() + events.size() || state->m_events < 0 || !total)
        return refused;
    state->m_total = *total;
    return state;
}

std::string MeterState::encode() const
{
    std::string text(version);
    text += ':';
    text += wireName(m_aggregation);
    text += ':';
    text += std::to_string(m_events);
    text += ':';
    text += m_total.toText();
    return text;
}

Result<void> MeterState::add(const UsageEvent& event)
{
    const auto total = m_total.plus(event.value);
    if (!total)
        return total.error();
    m_total = *total;
    ++m_events;
    return {};
}

Result<void> MeterState::merge(const MeterState& other)
{
    if (m_aggregation != other.m_aggregation)
        return Error{ErrorCode::InvalidValue, "meter_state", "two aggregations do not add"};
    const auto total = m_total.plus(other.m_total);
    if (!total)
        return total.error();
    m_total = *total;
    m_events += other.m_events;
    return {};
}

Decimal MeterState::quantity() const
{
    return m_aggregation == Aggregation::Count ? Decimal::fromInteger(m_events) : m_total;
}

} // namespace billing
