// One meter's usage cut into time buckets and grouped by some of its dimensions: what charts and tables ask
// for. What it costs is bounded before it is made: cells (buckets times groups) and the rows of usage that
// are read.
#pragma once

#include "server/storage/storage.h"
#include "shared/kernel/instant.h"
#include "shared/model/meter.h"

#include <span>
#include <string>
#include <vector>

namespace billing {

struct UsageSlice
{
    Decimal quantity;
    std::int64_t events = 0;
};

struct UsageSeries
{
    Dimensions group;               ///< of the dimensions asked for
    std::vector<UsageSlice> slices; ///< one per bucket
    UsageSlice total;
};

struct SeriesBounds
{
    std::size_t cells = 100'000;   ///< some 10 MB of answer
    std::int64_t rows = 1'000'000; ///< hours of a dimension key, and events of hours cut by a bucket's edge
};

struct SeriesQuestion
{
    TenantId tenant;
    const Meter& meter;
    std::span<const InstantRange> buckets;     ///< in order of time, without overlap
    std::span<const std::string> groupBy = {}; ///< declared dimensions of the meter
    SeriesBounds bounds = {};
};

/// Ordered by group; groups without usage are left out, so no usage at all is an empty list. Whole hours are
/// answered from rollups in one pass, hours that a bucket's edge cuts from their events. Refuses
/// RangeTooLarge (group_by: cells; from: rows), AmountOverflow and as storage.
Result<std::vector<UsageSeries>> usageSeries(Work& work, const SeriesQuestion& question);

} // namespace billing
