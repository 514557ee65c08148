// Values of a declared dimension that were metered though no price names them. Each is noted once, by the
// settling that metered it first; of one tenant and meter at most a thousand, then one mark that there were
// more. Whether a value is still unlisted is for the reader to ask the catalogue of today.
#pragma once

#include "server/storage/storage.h"
#include "shared/kernel/instant.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace billing::storage {

/// The most values that are noted of one tenant and meter.
constexpr std::int64_t notedValues = 1'000;

struct UnlistedKey
{
    TenantId tenant;
    MeterCode meter;
    std::string dimension; ///< empty, as the value, in the mark that there were more
    std::string value;

    bool isOverflow() const { return dimension.empty(); }
    friend auto operator<=>(const UnlistedKey&, const UnlistedKey&) = default;
};

struct UnlistedValue
{
    UnlistedKey key;
    Instant firstAt; ///< when it was metered first

    friend bool operator==(const UnlistedValue&, const UnlistedValue&) = default;
};

/// Notes those that are not noted yet; keys are sorted, each once. In the transaction that holds the tenants'
/// heads. Answers what the table holds of them now: the keys, or the marks of those beyond the bound.
Result<std::vector<UnlistedKey>> noteUnlistedValues(Work& work, std::span<const UnlistedKey> keys,
                                                    Instant at);

struct UnlistedFilter
{
    std::optional<TenantId> tenant = {};
    std::optional<UnlistedValue> behind = {}; ///< the last one shown
    std::int64_t limit = 50;
};

/// Oldest first.
Result<std::vector<UnlistedValue>> oldestUnlistedValues(Work& work, const UnlistedFilter& filter);
/// How many there are, counted no further than `atMost`.
Result<std::int64_t> unlistedValueCount(Work& work, std::int64_t atMost);

} // namespace billing::storage
