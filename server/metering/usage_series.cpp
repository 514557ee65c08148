#include "server/metering/usage_series.h"

#include "server/storage/usage.h"

#include <algorithm>
#include <map>

namespace billing {

namespace {

constexpr Duration hourLength = std::chrono::hours(1);

Error tooManyRows(std::int64_t most)
{
    return {ErrorCode::RangeTooLarge, "from",
            "more than " + std::to_string(most) + " rows of usage would have to be read"};
}

class Series
{
public:
    explicit Series(const SeriesQuestion& question)
        : m_question(question)
    {
    }

    /// Nothing is added for a time in no bucket.
    Result<void> add(Instant at, const std::string& key, const MeterState& state)
    {
        const auto& buckets = m_question.buckets;
        const auto after =
            std::upper_bound(buckets.begin(), buckets.end(), at,
                             [](Instant time, const InstantRange& bucket) { return time < bucket.start; });
        if (after == buckets.begin() || !std::prev(after)->contains(at))
            return {};
        const auto series = seriesOf(key);
        if (!series)
            return series.error();
        const auto bucket = static_cast<std::size_t>(std::prev(after) - buckets.begin());
        const auto slice = addTo((*series)->slices[bucket], state);
        return slice ? addTo((*series)->total, state) : slice;
    }

    std::vector<UsageSeries> take()
    {
        std::vector<UsageSeries> all;
        for (auto& [group, series] : m_series)
            all.push_back(std::move(series));
        return all;
    }

private:
    Result<UsageSeries*> seriesOf(const std::string& key)
    {
        const auto dimensions = parseDimensionKey(key);
        if (!dimensions)
            return Error{ErrorCode::StorageCorrupt, "usage_rollup"};
        Dimensions group;
        for (const std::string& name : m_question.groupBy)
            if (const std::string* value = findDimension(*dimensions, name))
                group.push_back({name, *value});
        const auto place = m_series.find(group);
        if (place != m_series.end())
            return &place->second;
        if ((m_series.size() + 1) * m_question.buckets.size() > m_question.bounds.cells)
            return Error{ErrorCode::RangeTooLarge, "group_by",
                         "more than " + std::to_string(m_question.bounds.cells) +
                             " cells (groups times buckets)"};
        UsageSeries empty{group, std::vector<UsageSlice>(m_question.buckets.size()), {}};
        return &m_series.emplace(std::move(group), std::move(empty)).first->second;
    }
    static Result<void> addTo(UsageSlice& slice, const MeterState& state)
    {
        const auto sum = slice.quantity.plus(state.quantity());
        if (!sum)
            return sum.error();
        slice = {*sum, slice.events + state.events()};
        return {};
    }

    const SeriesQuestion& m_question;
    std::map<Dimensions, UsageSeries> m_series;
};

/// The starts of the hours that an edge cuts, in order.
std::vector<Instant> cutHours(std::span<const InstantRange> buckets)
{
    std::vector<Instant> hours;
    for (const InstantRange& bucket : buckets)
        for (const Instant edge : {bucket.start, bucket.end})
            if (edge.hour() != edge && (hours.empty() || hours.back() != edge.hour()))
                hours.push_back(edge.hour());
    return hours;
}

Result<void> addWholeHours(Work& work, const SeriesQuestion& question, std::span<const Instant> cut,
                           Series& series, std::int64_t& rowsLeft)
{
    const InstantRange whole{question.buckets.front().start.hour(), question.buckets.back().end};
    return storage::rollupsOfMeter(work, {question.tenant, question.meter.code, whole, rowsLeft + 1},
                                   [&](const storage::Rollup& rollup) -> Result<void> {
                                       if (rowsLeft-- == 0)
                                           return tooManyRows(question.bounds.rows);
                                       const Instant hour = Instant::fromMicros(rollup.key.hour);
                                       if (std::binary_search(cut.begin(), cut.end(), hour))
                                           return {};
                                       return series.add(hour, rollup.key.dimensionKey, rollup.state);
                                   });
}

Result<void> addCutHour(Work& work, const SeriesQuestion& question, Instant hour, Series& series,
                        std::int64_t& rowsLeft)
{
    const Meter& meter = question.meter;
    return storage::eventsIn(work, question.tenant, {hour, hour.plus(hourLength)},
                             [&](const UsageEvent& event, SettleNumber) -> Result<void> {
                                 if (rowsLeft-- == 0)
                                     return tooManyRows(question.bounds.rows);
                                 if (event.metricType != meter.metricType || !takes(meter, event))
                                     return {};
                                 auto state = MeterState::empty(meter.aggregation);
                                 if (!state)
                                     return state.error();
                                 if (const auto added = state->add(event); !added)
                                     return added;
                                 return series.add(event.at, dimensionKey(event.dimensions, meter.dimensions),
                                                   *state);
                             });
}

} // namespace

Result<std::vector<UsageSeries>> usageSeries(Work& work, const SeriesQuestion& question)
{
    if (question.buckets.empty())
        return std::vector<UsageSeries>();
    Series series(question);
    const std::vector<Instant> cut = cutHours(question.buckets);
    std::int64_t rowsLeft = question.bounds.rows;
    const auto whole = addWholeHours(work, question, cut, series, rowsLeft);
    if (!whole)
        return whole.error();
    for (const Instant hour : cut) {
        const auto added = addCutHour(work, question, hour, series, rowsLeft);
        if (!added)
            return added.error();
    }
    return series.take();
}

} // namespace billing
