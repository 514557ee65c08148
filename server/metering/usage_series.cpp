#include "server/metering/usage_series.h"

#include "server/storage/usage_totals.h"

#include <algorithm>
#include <map>

namespace billing {

namespace {

class Series
{
public:
    explicit Series(const SeriesQuestion& question)
        : m_question(question)
    {
    }

    Result<void> add(std::size_t bucket, const std::string& key, const MeterState& state)
    {
        const auto dimensions = parseDimensionKey(key);
        if (!dimensions)
            return Error{ErrorCode::StorageCorrupt, "usage_rollup"};
        UsageSeries& series = seriesOf(*dimensions);
        const auto slice = addTo(series.slices[bucket], state);
        return slice ? addTo(series.total, state) : slice;
    }

    std::vector<UsageSeries> take()
    {
        std::vector<UsageSeries> all;
        for (auto& [group, series] : m_series)
            all.push_back(std::move(series));
        return all;
    }

private:
    UsageSeries& seriesOf(const Dimensions& dimensions)
    {
        Dimensions group;
        for (const std::string& name : m_question.groupBy)
            if (const std::string* value = findDimension(dimensions, name))
                group.push_back({name, *value});
        const auto place = m_series.try_emplace(group);
        if (place.second)
            place.first->second = {group, std::vector<UsageSlice>(m_question.buckets.size()), {}};
        return place.first->second;
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

bool isWholeHours(std::span<const InstantRange> buckets)
{
    return std::all_of(buckets.begin(), buckets.end(), [](const InstantRange& bucket) {
        return bucket.start.hour() == bucket.start && bucket.end.hour() == bucket.end;
    });
}

Result<void> addFromRollups(Work& work, const SeriesQuestion& question, Series& series)
{
    const auto& buckets = question.buckets;
    const InstantRange whole{buckets.front().start, buckets.back().end};
    return storage::rollupsIn(
        work, question.tenant, whole, [&](const storage::Rollup& rollup) -> Result<void> {
            if (rollup.key.meter != question.meter.code.text())
                return {};
            const Instant hour = Instant::fromMicros(rollup.key.hour);
            const auto after =
                std::upper_bound(buckets.begin(), buckets.end(), hour,
                                 [](Instant at, const InstantRange& bucket) { return at < bucket.start; });
            if (after == buckets.begin() || !std::prev(after)->contains(hour))
                return {};
            return series.add(static_cast<std::size_t>(std::prev(after) - buckets.begin()),
                              rollup.key.dimensionKey, rollup.state);
        });
}

} // namespace

Result<std::vector<UsageSeries>> usageSeries(Work& work, const MeterIndex& meters,
                                             const SeriesQuestion& question)
{
    BILLING_ASSERT(!question.buckets.empty());
    Series series(question);
    if (isWholeHours(question.buckets)) {
        const auto done = addFromRollups(work, question, series);
        return done ? Result<std::vector<UsageSeries>>(series.take()) : done.error();
    }
    for (std::size_t i = 0; i < question.buckets.size(); ++i) {
        const auto usage = storage::usageIn(work, question.tenant, question.buckets[i], meters);
        if (!usage)
            return usage.error();
        for (const storage::MeteredUsage& used : *usage) {
            if (used.meter != question.meter.code)
                continue;
            const auto added = series.add(i, used.dimensionKey, used.state);
            if (!added)
                return added.error();
        }
    }
    return series.take();
}

} // namespace billing
