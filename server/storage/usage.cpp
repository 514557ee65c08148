#include "server/storage/usage.h"

#include "server/storage/sql/session.h"

#include <cstring>

namespace billing::storage {

using sql::Blob;
using sql::Row;
using sql::Value;

namespace {

template <std::size_t Size>
Blob blobOf(const std::array<std::uint8_t, Size>& bytes)
{
    return Blob{{reinterpret_cast<const char*>(bytes.data()), bytes.size()}};
}

std::string_view view(const std::string& text)
{
    return text;
}

Result<void> onlySuccess(const Result<std::vector<std::uint8_t>>& done)
{
    return done ? Result<void>() : done.error();
}

} // namespace

Result<std::vector<SettleNumber>> nextSettleNumbers(Work& work, std::span<const TenantId> tenants)
{
    std::vector<Value> values;
    values.reserve(tenants.size() * 2);
    for (std::size_t i = 0; i < tenants.size(); ++i) {
        BILLING_ASSERT(i == 0 || tenants[i - 1] < tenants[i]); // heads locked in any other order may deadlock
        values.emplace_back(view(tenants[i].text()));
        values.emplace_back(std::int64_t{1});
    }
    const auto numbers = work.session().insertMany(
        "INSERT INTO usage_head (tenant_id, settle_no) VALUES (?, ?) "
        "ON CONFLICT (tenant_id) DO UPDATE SET settle_no = usage_head.settle_no + 1 RETURNING settle_no",
        2, values);
    if (!numbers)
        return numbers.error();
    return std::vector<SettleNumber>(numbers->begin(), numbers->end());
}

Result<SettleNumber> nextSettleNumber(Work& work, const TenantId& tenant)
{
    const auto numbers = nextSettleNumbers(work, {&tenant, 1});
    return numbers ? Result<SettleNumber>(numbers->front()) : numbers.error();
}

Result<SettleNumber> lockHead(Work& work, const TenantId& tenant)
{
    // An update that changes nothing locks the row on engines that lock rows.
    const auto found =
        queryOne(work.session(),
                 "INSERT INTO usage_head (tenant_id, settle_no) VALUES (?, 0) "
                 "ON CONFLICT (tenant_id) DO UPDATE SET settle_no = usage_head.settle_no RETURNING settle_no",
                 {view(tenant.text())}, [](const Row& row) { return row.integer(0); });
    return found ? Result<SettleNumber>(SettleNumber(found->value())) : found.error();
}

Result<SettleNumber> readHead(Work& work, const TenantId& tenant)
{
    const auto found = queryOne(work.session(), "SELECT settle_no FROM usage_head WHERE tenant_id = ?",
                                {view(tenant.text())}, [](const Row& row) { return row.integer(0); });
    return found ? Result<SettleNumber>(SettleNumber(found->value_or(0))) : found.error();
}

Result<std::vector<std::uint8_t>> claimIdentities(Work& work, std::span<const Identity> identities)
{
    std::vector<Value> values;
    values.reserve(identities.size() * 4);
    for (const Identity& identity : identities) {
        values.emplace_back(identity.tenant);
        values.emplace_back(blobOf(identity.identity));
        values.emplace_back(blobOf(identity.payload));
        values.emplace_back(identity.eventMonth);
    }
    return work.session().executeMany("INSERT INTO event_identity (tenant_id, identity_hash, payload_sha256, "
                                      "event_month) VALUES (?, ?, ?, ?) "
                                      "ON CONFLICT (tenant_id, identity_hash) DO NOTHING",
                                      4, values);
}

Result<std::vector<std::optional<PayloadHash>>> payloadsOf(Work& work, std::span<const Identity> identities)
{
    std::vector<Value> values;
    values.reserve(identities.size() * 2);
    for (const Identity& identity : identities) {
        values.emplace_back(identity.tenant);
        values.emplace_back(blobOf(identity.identity));
    }
    std::vector<std::optional<PayloadHash>> payloads(identities.size());
    const auto done = work.session().queryMany(
        "SELECT payload_sha256 FROM event_identity WHERE tenant_id = ? AND identity_hash = ?", 2, values,
        [&](std::size_t index, const Row& row) -> Result<void> {
            const std::string bytes = row.text(0);
            PayloadHash& hash = payloads[index].emplace();
            if (bytes.size() != hash.size())
                return Error{ErrorCode::StorageCorrupt, "event_identity"};
            std::memcpy(hash.data(), bytes.data(), hash.size());
            return {};
        });
    if (!done)
        return done.error();
    return payloads;
}

Result<std::optional<PayloadHash>> payloadOf(Work& work, std::string_view tenant,
                                             const IdentityHash& identity)
{
    const Identity asked{tenant, identity, {}, {}};
    const auto payloads = payloadsOf(work, {&asked, 1});
    return payloads ? Result<std::optional<PayloadHash>>(payloads->front()) : payloads.error();
}

Result<std::optional<MeterState>> findRollup(Work& work, const RollupKey& key)
{
    auto found = findRollups(work, {&key, 1});
    return found ? Result<std::optional<MeterState>>(std::move(found->front())) : found.error();
}

Result<std::vector<std::optional<MeterState>>> findRollups(Work& work, std::span<const RollupKey> keys)
{
    std::vector<Value> values;
    values.reserve(keys.size() * 5);
    for (const RollupKey& key : keys) {
        values.emplace_back(view(key.tenant));
        values.emplace_back(view(key.meter));
        values.emplace_back(std::int64_t{key.meterVersion});
        values.emplace_back(view(key.dimensionKey));
        values.emplace_back(key.hour);
    }
    std::vector<std::optional<MeterState>> states(keys.size());
    const auto done = work.session().queryMany(
        "SELECT state FROM usage_rollup WHERE tenant_id = ? AND meter_code = ? AND meter_version = ? AND "
        "dimension_key = ? AND hour = ?",
        5, values, [&](std::size_t index, const Row& row) -> Result<void> {
            auto state = MeterState::decode(row.text(0));
            if (!state)
                return Error{ErrorCode::StorageCorrupt, "usage_rollup", state.error().subject};
            states[index] = std::move(*state);
            return {};
        });
    if (!done)
        return done.error();
    return states;
}

Result<void> storeRollups(Work& work, std::span<const Rollup> rollups)
{
    std::vector<std::string> states;
    states.reserve(rollups.size());
    std::vector<Value> values;
    values.reserve(rollups.size() * 7);
    for (const Rollup& rollup : rollups) {
        states.push_back(rollup.state.encode());
        values.emplace_back(view(rollup.key.tenant));
        values.emplace_back(view(rollup.key.meter));
        values.emplace_back(std::int64_t{rollup.key.meterVersion});
        values.emplace_back(view(rollup.key.dimensionKey));
        values.emplace_back(rollup.key.hour);
        values.emplace_back(view(states.back()));
        values.emplace_back(rollup.settledBy.number());
    }
    return onlySuccess(
        work.session().executeMany("INSERT INTO usage_rollup (tenant_id, meter_code, meter_version, "
                                   "dimension_key, hour, state, settle_no) VALUES "
                                   "(?, ?, ?, ?, ?, ?, ?) ON CONFLICT (tenant_id, meter_code, meter_version, "
                                   "dimension_key, hour) DO UPDATE SET "
                                   "state = excluded.state, settle_no = excluded.settle_no",
                                   7, values));
}

namespace {

/// Of the columns meter_code, meter_version, dimension_key, hour, state, settle_no.
auto rollupOf(const TenantId& tenant, const EachRollup& each)
{
    return [&](const Row& row) -> Result<void> {
        const auto state = MeterState::decode(row.text(4));
        if (!state)
            return Error{ErrorCode::StorageCorrupt, "usage_rollup", state.error().subject};
        return each(
            {{tenant.text(), row.text(0), static_cast<int>(row.integer(1)), row.text(2), row.integer(3)},
             *state,
             SettleNumber(row.integer(5))});
    };
}

} // namespace

Result<void> rollupsIn(Work& work, const TenantId& tenant, const InstantRange& range, const EachRollup& each)
{
    return work.session().query(
        "SELECT meter_code, meter_version, dimension_key, hour, state, settle_no FROM usage_rollup WHERE "
        "tenant_id = ? AND "
        "hour >= ? AND hour < ? ORDER BY meter_code, meter_version, dimension_key, hour",
        {view(tenant.text()), range.start.micros(), range.end.micros()}, rollupOf(tenant, each));
}

Result<void> rollupsOfMeter(Work& work, const MeterHours& asked, const EachRollup& each)
{
    return work.session().query(
        "SELECT meter_code, meter_version, dimension_key, hour, state, settle_no FROM usage_rollup WHERE "
        "tenant_id = ? AND meter_code = ? AND hour >= ? AND hour < ? "
        "ORDER BY meter_version, dimension_key, hour LIMIT ?",
        {view(asked.tenant.text()), view(asked.meter.text()), asked.range.start.micros(),
         asked.range.end.micros(), asked.mostRows},
        rollupOf(asked.tenant, each));
}

} // namespace billing::storage
