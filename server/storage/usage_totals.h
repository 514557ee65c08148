// What a tenant used in a span of time, per meter and dimension key: whole UTC hours from the rollups, hours
// cut by the span's ends from the events themselves, so that any zone's periods are exact.
#pragma once

#include "server/storage/storage.h"
#include "server/storage/usage.h"
#include "shared/model/meter_index.h"
#include "shared/model/usage_total.h"

#include <functional>
#include <string>
#include <vector>

namespace billing::storage {

struct MeteredUsage
{
    MeterCode meter;
    int meterVersion;
    std::string dimensionKey;
    MeterState state;
};

/// Ordered by meter, version, dimension key; only keys that have events.
Result<std::vector<MeteredUsage>> usageIn(Work& work, const TenantId& tenant, const InstantRange& range,
                                          const MeterIndex& meters);

/// The same of one meter, all its versions: what other meters counted is not read.
Result<std::vector<MeteredUsage>> usageOfMeter(Work& work, const TenantId& tenant, const InstantRange& range,
                                               const MeterIndex& meters, const MeterCode& meter);

/// The same as rating takes it.
std::vector<UsageTotal> totalsOf(std::span<const MeteredUsage> usage);

/// One line of text per rollup (and per event of a cut hour) that usageIn would read, in its order: what an
/// invoice's usage digest is made of.
Result<void> usageEvidence(Work& work, const TenantId& tenant, const InstantRange& range,
                           const std::function<void(std::string_view line)>& each);

} // namespace billing::storage
