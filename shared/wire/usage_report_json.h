// Answers to GET /usage/{tenant_id}: totals by time bucket and by group of dimension values, as exact
// decimals in strings. Values only, any thread. Source: DESIGN section 4.
#pragma once

#include "shared/kernel/decimal.h"
#include "shared/kernel/instant.h"
#include "shared/model/dimensions.h"
#include "shared/model/ids.h"
#include "shared/wire/standing_json.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace billing::wire {

enum class Granularity
{
    Hour,
    Day,
    Month,
    Total
};

std::string_view wireName(Granularity granularity);              ///< "hour", "day", "month", "total"
Result<Granularity> parseGranularity(std::string_view wireName); ///< refuses InvalidValue

struct UsageBucket
{
    InstantRange range;
    Decimal quantity;
    std::int64_t events = 0;

    friend bool operator==(const UsageBucket&, const UsageBucket&) = default;
};

/// One combination of the values asked for by group_by; without it there is one group without dimensions.
struct UsageGroup
{
    Dimensions dimensions = {};
    Decimal quantity = {}; ///< of all its buckets
    std::int64_t events = 0;
    std::vector<UsageBucket> buckets = {};

    friend bool operator==(const UsageGroup&, const UsageGroup&) = default;
};

/// How far the tenant is into what its plan includes of the metric, in the billing period that holds now,
/// whatever span was asked for. Where several charges limit it, the one that is furthest.
struct UsageLimit
{
    Decimal included;
    Decimal used;
    Instant asOf = Instant::fromMicros(0);
    LimitState state = LimitState::Ok;

    friend bool operator==(const UsageLimit&, const UsageLimit&) = default;
};

struct UsageReport
{
    TenantId tenant;
    std::string metricType;
    InstantRange range;
    Granularity granularity = Granularity::Total;
    std::vector<UsageGroup> groups = {};
    Instant asOf = Instant::fromMicros(0);        ///< when it was read
    std::optional<JournalPosition> position = {}; ///< everything up to here is in it
    /// How long the oldest accepted usage that is not in it has been waiting; 0 when nothing waits.
    std::optional<std::chrono::milliseconds> lag = {};
    std::optional<UsageLimit> limit = {}; ///< absent where no subscription limits the metric

    friend bool operator==(const UsageReport&, const UsageReport&) = default;
};

/// {"tenant_id","metric_type","from","to","granularity","as_of","position"?,"lag_ms"?,
/// "limit"?:{"included","used","as_of","state"},
/// "groups":[{"dimensions":{},"quantity","events","buckets":[{"from","to","quantity","events"}]}]}
std::string encodeUsageReport(const UsageReport& report);
/// Refuses what JsonDocument::parse refuses, MissingField, WrongType, InvalidTenantId, InvalidValue,
/// InvalidTimestamp, InvalidDecimal, UnknownField.
Result<UsageReport> decodeUsageReport(std::string_view text);

} // namespace billing::wire
