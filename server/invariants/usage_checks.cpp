#include "server/invariants/usage_checks.h"

#include "server/secrets/sha256.h"
#include "server/storage/invariant_rows.h"

#include <cstring>
#include <limits>
#include <map>

namespace billing {

namespace {

using storage::IdentityHash;
using storage::PayloadHash;

constexpr InstantRange allTime{Instant::fromMicros(std::numeric_limits<std::int64_t>::min()),
                               Instant::fromMicros(std::numeric_limits<std::int64_t>::max())};

struct Claim
{
    IdentityHash identity;
    PayloadHash payload;
};

Claim claimOf(const UsageEvent& event)
{
    Claim claim{{}, secrets::sha256(canonicalPayload(event))};
    const auto hash = secrets::sha256(canonicalIdentity(event));
    std::memcpy(claim.identity.data(), hash.data(), claim.identity.size());
    return claim;
}

/// The sum of the hashes of what was added, whatever the order.
class Fingerprint
{
public:
    void add(const Claim& claim)
    {
        std::array<char, sizeof(IdentityHash) + sizeof(PayloadHash)> pair{};
        std::memcpy(pair.data(), claim.identity.data(), claim.identity.size());
        std::memcpy(pair.data() + claim.identity.size(), claim.payload.data(), claim.payload.size());
        const auto hash = secrets::sha256({pair.data(), pair.size()});
        for (std::size_t lane = 0; lane < m_lanes.size(); ++lane) {
            std::uint64_t part = 0;
            std::memcpy(&part, hash.data() + lane * sizeof(part), sizeof(part));
            m_lanes[lane] += part;
        }
        ++m_count;
    }

    friend bool operator==(const Fingerprint&, const Fingerprint&) = default;

private:
    std::array<std::uint64_t, 4> m_lanes{};
    std::int64_t m_count = 0;
};

std::string nameOf(const UsageEvent& event)
{
    return "event:" + event.tenant.text() + "/" + event.source + "/" + event.eventId;
}

std::string nameOf(const storage::RollupKey& key)
{
    return "rollup:" + key.tenant + "/" + key.meter + "/" + std::to_string(key.meterVersion) + "/" +
           key.dimensionKey + "/" + Instant::fromMicros(key.hour).toText();
}

/// Folds events that come in order of time, and compares each hour's rollups when the hour is over.
class RollupCheck
{
public:
    RollupCheck(Work& work, const MeterIndex& meters, Violations& found)
        : m_work(work)
        , m_meters(meters)
        , m_found(found)
    {
    }

    Result<void> add(const UsageEvent& event)
    {
        const std::int64_t hour = event.at.hour().micros();
        if (!m_hour.empty() && m_hour.begin()->first.hour != hour)
            if (const auto done = compareHour(); !done)
                return done;
        for (const Meter* meter : m_meters.ofMetric(event.metricType)) {
            if (!takes(*meter, event))
                continue;
            const auto empty = MeterState::empty(meter->aggregation);
            if (!empty)
                return empty.error();
            const auto place = m_hour.try_emplace({event.tenant.text(), meter->code.text(), meter->version,
                                                   dimensionKey(event.dimensions, meter->dimensions), hour},
                                                  *empty);
            if (const auto added = place.first->second.add(event); !added)
                return added;
        }
        return {};
    }

    Result<void> compareHour()
    {
        for (const auto& [key, state] : m_hour) {
            const auto stored = storage::findRollup(m_work, key);
            if (!stored && stored.error().code != ErrorCode::StorageCorrupt)
                return stored.error();
            if (!stored)
                m_found.add({"I6", nameOf(key), "unreadable"});
            else if (!stored->has_value())
                m_found.add({"I6", nameOf(key), "missing, its events fold to " + state.encode()});
            else if (**stored != state)
                m_found.add(
                    {"I6", nameOf(key), (*stored)->encode() + ", its events fold to " + state.encode()});
            m_existing += stored && !stored->has_value() ? 0 : 1;
        }
        m_hour.clear();
        return {};
    }

    std::int64_t existing() const noexcept { return m_existing; }

private:
    Work& m_work;
    const MeterIndex& m_meters;
    Violations& m_found;
    std::map<storage::RollupKey, MeterState> m_hour;
    std::int64_t m_existing = 0;
};

bool counts(const UsageEvent& event, const MeterIndex& meters, const storage::RollupKey& key)
{
    for (const Meter* meter : meters.ofMetric(event.metricType))
        if (meter->code.text() == key.meter && meter->version == key.meterVersion && takes(*meter, event) &&
            dimensionKey(event.dimensions, meter->dimensions) == key.dimensionKey)
            return true;
    return false;
}

/// Names the rollups that no event stands behind; slow, for when their number is wrong.
Result<void> nameBaselessRollups(Work& work, const MeterIndex& meters, const TenantId& tenant,
                                 Violations& found)
{
    return storage::rollupsIn(work, tenant, allTime, [&](const storage::Rollup& rollup) -> Result<void> {
        const Instant start = Instant::fromMicros(rollup.key.hour);
        bool based = false;
        const auto done = storage::eventsIn(work, tenant, {start, start.plus(std::chrono::hours(1))},
                                            [&](const UsageEvent& event, SettleNumber) -> Result<void> {
                                                based = based || counts(event, meters, rollup.key);
                                                return {};
                                            });
        if (done && !based)
            found.add({"I6", nameOf(rollup.key), rollup.state.encode() + " without an event"});
        return done;
    });
}

/// Names events and identities that do not belong together; slow, for when the fingerprints differ.
Result<void> nameIdentityFaults(Work& work, const TenantId& tenant, Violations& found)
{
    std::int64_t named = 0;
    const auto add = [&](Violation violation) {
        ++named;
        found.add(std::move(violation));
    };
    const auto done =
        storage::eventsIn(work, tenant, allTime, [&](const UsageEvent& event, SettleNumber) -> Result<void> {
            const Claim claim = claimOf(event);
            const auto stored = storage::payloadOf(work, tenant.text(), claim.identity);
            if (!stored)
                return stored.error();
            if (!stored->has_value())
                add({"I3", nameOf(event), "its identity is not claimed"});
            else if (**stored != claim.payload)
                add({"I3", nameOf(event), "not the payload its identity was claimed for"});
            return {};
        }).and_then([&] {
            return storage::repeatedEvents(work, tenant, [&](const storage::Breach& breach) -> Result<void> {
                add({breach.invariant, breach.subject, breach.detail});
                return {};
            });
        });
    if (done && named == 0)
        found.add({"I3", "tenant:" + tenant.text(), "identities are claimed that no event has"});
    return done;
}

} // namespace

Result<void> checkTenantUsage(Work& work, const MeterIndex& meters, const TenantId& tenant, Violations& found)
{
    Fingerprint events;
    RollupCheck rollups(work, meters, found);
    const auto folded = storage::eventsIn(work, tenant, allTime, [&](const UsageEvent& event, SettleNumber) {
                            events.add(claimOf(event));
                            return rollups.add(event);
                        }).and_then([&] { return rollups.compareHour(); });
    if (!folded && folded.error().code == ErrorCode::StorageCorrupt) {
        found.add({"I3", "tenant:" + tenant.text(), "a block of its events cannot be read"});
        return {};
    }
    if (!folded)
        return folded;
    Fingerprint identities;
    const auto claimed =
        storage::identitiesOf(work, tenant, [&](const IdentityHash& identity, const PayloadHash& payload) {
            identities.add({identity, payload});
            return Result<void>();
        });
    if (!claimed)
        return claimed;
    if (events != identities)
        if (const auto named = nameIdentityFaults(work, tenant, found); !named)
            return named;
    const auto stored = storage::countRollups(work, tenant);
    if (!stored)
        return stored.error();
    return *stored == rollups.existing() ? Result<void>() : nameBaselessRollups(work, meters, tenant, found);
}

} // namespace billing
