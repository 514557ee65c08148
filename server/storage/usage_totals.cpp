#include "server/storage/usage_totals.h"

#include <limits>
#include <map>
#include <tuple>

namespace billing::storage {

namespace {

constexpr Duration hour = std::chrono::hours(1);

/// A span as the hours it covers whole and the cut pieces before and after them (each may be empty).
struct Pieces
{
    InstantRange head;
    InstantRange whole;
    InstantRange tail;
};

Pieces cut(const InstantRange& range)
{
    const Instant firstHour = range.start.hour() == range.start ? range.start : range.start.hour().plus(hour);
    const Instant lastHour = range.end.hour();
    if (firstHour >= lastHour && range.start.hour() == lastHour) // inside one hour
        return {range, {range.end, range.end}, {range.end, range.end}};
    return {{range.start, firstHour}, {firstHour, lastHour}, {lastHour, range.end}};
}

bool isEmpty(const InstantRange& range)
{
    return range.start >= range.end;
}

class Totals
{
public:
    Result<void> merge(const Rollup& rollup)
    {
        const auto [place, isNew] = m_states.try_emplace(
            {rollup.key.meter, rollup.key.meterVersion, rollup.key.dimensionKey}, rollup.state);
        return isNew ? Result<void>() : place->second.merge(rollup.state);
    }
    Result<void> add(const Meter& meter, const UsageEvent& event)
    {
        const auto empty = MeterState::empty(meter.aggregation);
        if (!empty)
            return empty.error();
        const auto place = m_states.try_emplace(
            {meter.code.text(), meter.version, dimensionKey(event.dimensions, meter.dimensions)}, *empty);
        return place.first->second.add(event);
    }
    std::vector<MeteredUsage> take() const
    {
        std::vector<MeteredUsage> all;
        for (const auto& [key, state] : m_states)
            all.push_back({MeterCode(std::get<0>(key)), std::get<1>(key), std::get<2>(key), state});
        return all;
    }

private:
    std::map<std::tuple<std::string, int, std::string>, MeterState> m_states;
};

} // namespace

namespace {

/// Of one meter, or of all.
struct Asked
{
    const TenantId& tenant;
    const InstantRange& range;
    const MeterIndex& meters;
    const MeterCode* only;
};

Result<void> addRollups(Work& work, const Asked& asked, const InstantRange& whole, Totals& totals)
{
    const auto add = [&](const Rollup& rollup) { return totals.merge(rollup); };
    if (!asked.only)
        return rollupsIn(work, asked.tenant, whole, add);
    constexpr std::int64_t all = std::numeric_limits<std::int64_t>::max();
    return rollupsOfMeter(work, {asked.tenant, *asked.only, whole, all}, add);
}

Result<std::vector<MeteredUsage>> sum(Work& work, const Asked& asked)
{
    const Pieces pieces = cut(asked.range);
    Totals totals;
    const auto addEvent = [&](const UsageEvent& event, SettleNumber) -> Result<void> {
        for (const Meter* meter : asked.meters.ofMetric(event.metricType)) {
            if (!takes(*meter, event) || (asked.only && meter->code != *asked.only))
                continue;
            const auto added = totals.add(*meter, event);
            if (!added)
                return added;
        }
        return {};
    };
    for (const InstantRange& piece : {pieces.head, pieces.tail}) {
        if (isEmpty(piece))
            continue;
        const auto done = eventsIn(work, asked.tenant, piece, addEvent);
        if (!done)
            return done.error();
    }
    if (!isEmpty(pieces.whole)) {
        const auto done = addRollups(work, asked, pieces.whole, totals);
        if (!done)
            return done.error();
    }
    return totals.take();
}

} // namespace

Result<std::vector<MeteredUsage>> usageIn(Work& work, const TenantId& tenant, const InstantRange& range,
                                          const MeterIndex& meters)
{
    return sum(work, {tenant, range, meters, nullptr});
}

Result<std::vector<MeteredUsage>> usageOfMeter(Work& work, const TenantId& tenant, const InstantRange& range,
                                               const MeterIndex& meters, const MeterCode& meter)
{
    return sum(work, {tenant, range, meters, &meter});
}

std::vector<UsageTotal> totalsOf(std::span<const MeteredUsage> usage)
{
    std::vector<UsageTotal> totals;
    for (const MeteredUsage& used : usage)
        totals.push_back({used.meter, used.dimensionKey, used.state.quantity(), used.state.events()});
    return totals;
}

Result<void> usageEvidence(Work& work, const TenantId& tenant, const InstantRange& range,
                           const std::function<void(std::string_view line)>& each)
{
    const Pieces pieces = cut(range);
    for (const InstantRange& piece : {pieces.head, pieces.tail}) {
        if (isEmpty(piece))
            continue;
        const auto done =
            eventsIn(work, tenant, piece, [&](const UsageEvent& event, SettleNumber) -> Result<void> {
                each("event " + canonicalPayload(event) + "\n");
                return {};
            });
        if (!done)
            return done;
    }
    if (isEmpty(pieces.whole))
        return {};
    return rollupsIn(work, tenant, pieces.whole, [&](const Rollup& rollup) -> Result<void> {
        each("rollup " + rollup.key.meter + " " + std::to_string(rollup.key.meterVersion) + " " +
             rollup.key.dimensionKey + " " + std::to_string(rollup.key.hour) + " " + rollup.state.encode() +
             "\n");
        return {};
    });
}

} // namespace billing::storage
