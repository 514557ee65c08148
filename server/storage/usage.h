// Settled usage: identities that make an event count once, the events themselves, and the hourly rollups they
// fold into. All of it is written in one transaction per settling; a tenant's head is the lock and the number
// of that settling.
#pragma once

#include "server/storage/storage.h"
#include "shared/kernel/instant.h"
#include "shared/model/meter_state.h"
#include "shared/model/usage_event.h"

#include <array>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace billing::storage {

using IdentityHash = std::array<std::uint8_t, 16>;
using PayloadHash = std::array<std::uint8_t, 32>;

struct Identity
{
    std::string_view tenant;
    IdentityHash identity;
    PayloadHash payload;
    std::int64_t
        eventMonth; ///< months since 1970-01 of the event's own time: identities live as long as its horizon
};

struct StoredEvent
{
    const UsageEvent* event;
    SettleNumber settledBy;
    std::string_view text; ///< as appendBlockEvent (usage_block.h) writes it
};

struct RollupKey
{
    std::string tenant;
    std::string meter;
    int meterVersion;
    std::string dimensionKey;
    std::int64_t hour; ///< micros of the UTC hour's start

    friend auto operator<=>(const RollupKey&, const RollupKey&) = default;
};

struct Rollup
{
    RollupKey key;
    MeterState state;
    SettleNumber settledBy; ///< the last settling that changed it
};

/// Locks the tenants' heads in the order of their ids, in which they come, and answers the number of this
/// settling for each, one more than the last.
Result<std::vector<SettleNumber>> nextSettleNumbers(Work& work, std::span<const TenantId> tenants);
Result<SettleNumber> nextSettleNumber(Work& work, const TenantId& tenant);
/// Locks the tenant's head as closing a period does; answers the last settling's number, 0 before the first.
Result<SettleNumber> lockHead(Work& work, const TenantId& tenant);
/// The same number without the lock, for questions that keep nothing.
Result<SettleNumber> readHead(Work& work, const TenantId& tenant);

/// Claims identities; answers for each whether it was free. Fastest when sorted by (tenant, identity).
Result<std::vector<std::uint8_t>> claimIdentities(Work& work, std::span<const Identity> identities);
/// The payloads the identities were claimed for, in their order; nothing for those that are free.
Result<std::vector<std::optional<PayloadHash>>> payloadsOf(Work& work, std::span<const Identity> identities);
Result<std::optional<PayloadHash>> payloadOf(Work& work, std::string_view tenant,
                                             const IdentityHash& identity);

/// Events sorted by tenant and time, in blocks; a tenant's events of one settling come in one call.
Result<void> insertEvents(Work& work, std::span<const StoredEvent> events);

Result<std::optional<MeterState>> findRollup(Work& work, const RollupKey& key);
/// The states of the rollups in the order of their keys; nothing for those that are not there. Fastest when
/// sorted.
Result<std::vector<std::optional<MeterState>>> findRollups(Work& work, std::span<const RollupKey> keys);
Result<void> storeRollups(Work& work, std::span<const Rollup> rollups);

using EachRollup = std::function<Result<void>(const Rollup&)>;
using EachEvent = std::function<Result<void>(const UsageEvent&, SettleNumber)>;

/// A tenant's rollups whose hour lies in the range, ordered by meter, version, dimension key, hour.
Result<void> rollupsIn(Work& work, const TenantId& tenant, const InstantRange& range, const EachRollup& each);
/// What a meter counted in whole hours: at most so many rows of it.
struct MeterHours
{
    const TenantId& tenant;
    const MeterCode& meter;
    InstantRange range; ///< the rollups whose hour lies in it
    std::int64_t mostRows;
};
/// The rollups of all versions of a meter, ordered by version, dimension key, hour.
Result<void> rollupsOfMeter(Work& work, const MeterHours& asked, const EachRollup& each);
/// A tenant's events in the range, ordered by time. Refuses StorageCorrupt for a block that cannot be read.
Result<void> eventsIn(Work& work, const TenantId& tenant, const InstantRange& range, const EachEvent& each);

} // namespace billing::storage
