// One meter's usage cut into time buckets and grouped by some of its dimensions: what charts and tables ask
// for.
#pragma once

#include "server/storage/storage.h"
#include "shared/kernel/instant.h"
#include "shared/model/meter_index.h"

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

struct SeriesQuestion
{
    TenantId tenant;
    const Meter& meter;
    std::span<const InstantRange> buckets;     ///< in order of time, without overlap, at least one
    std::span<const std::string> groupBy = {}; ///< declared dimensions of the meter
};

/// Ordered by group; groups without usage are left out, so no usage at all is an empty list. Whole-hour
/// buckets are answered from rollups in one pass, others bucket by bucket. Refuses AmountOverflow and as
/// storage.
Result<std::vector<UsageSeries>> usageSeries(Work& work, const MeterIndex& meters,
                                             const SeriesQuestion& question);

} // namespace billing
